// Literals of PartiQL: texts, numbers, booleans, null, lists, maps and sets.
import type { AttributeValue } from '../attribute-value.ts';
import { invalidParameter, ItemLanguageError } from '../item-language-error.ts';
import { canonicalNumber } from '../values/decimal.ts';
import { LEVELS_MAX } from '../values/levels.ts';
import { setMember } from '../values/member.ts';
import type { PartiqlReader } from './partiql-reader.ts';

/** A literal or a parameter. Within lists, maps and sets only literals may stand. */
export function readValue(reader: PartiqlReader): AttributeValue {
  if (reader.skip('?')) return reader.parameter();
  return readLiteral(reader, 'root', 0);
}

/** Whether a value begins here rather than a path. */
export function seesValue(reader: PartiqlReader): boolean {
  const { kind, text } = reader.next;
  if (kind === 'text' || kind === 'number') return true;
  if (kind === 'symbol') return ['?', '[', '{', '<<', '-', '+'].includes(text);
  return kind === 'word' && ['TRUE', 'FALSE', 'NULL'].includes(text.toUpperCase());
}

/** The members of an INSERT: parameters may stand for whole attributes. */
export function readItem(reader: PartiqlReader): Record<string, AttributeValue> {
  return readMembers(reader, (key) =>
    reader.skip('?') ? reader.parameter() : readLiteral(reader, `root.${key}`, 0),
  );
}

function readLiteral(reader: PartiqlReader, place: string, level: number): AttributeValue {
  if (level > LEVELS_MAX)
    throw new ItemLanguageError(`Nesting Levels have exceeded supported limits under ${place}`);
  const { kind, text, start, end } = reader.next;
  if (kind === 'text') return { S: reader.take().text };
  if (kind === 'number' || text === '-' || text === '+') return { N: readNumber(reader) };
  if (kind === 'symbol' && text === '?')
    throw new ItemLanguageError(
      `Unsupported data type: Parameter under key ${place} at ${reader.place(start, end)}`,
    );
  return readWord(reader) ?? readCollection(reader, place, level);
}

function readWord(reader: PartiqlReader): AttributeValue | undefined {
  if (reader.skip('TRUE')) return { BOOL: true };
  if (reader.skip('FALSE')) return { BOOL: false };
  return reader.skip('NULL') ? { NULL: true } : undefined;
}

function readCollection(reader: PartiqlReader, place: string, level: number): AttributeValue {
  if (reader.skip('['))
    return { L: readList(reader, ']', (at) => readLiteral(reader, `${place}[${at}]`, level + 1)) };
  if (reader.sees('{'))
    return { M: readMembers(reader, (key) => readLiteral(reader, `${place}.${key}`, level + 1)) };
  if (reader.skip('<<')) return readSet(reader);
  throw reader.unexpected();
}

/** Signs may stand several times; each turns the number about. */
function readNumber(reader: PartiqlReader): string {
  let negative = false;
  for (;;) {
    if (reader.skip('-')) negative = !negative;
    else if (!reader.skip('+')) break;
  }
  if (reader.next.kind !== 'number') throw reader.unexpected();
  return canonicalNumber((negative ? '-' : '') + reader.take().text);
}

function readList<T>(reader: PartiqlReader, end: string, read: (at: number) => T): readonly T[] {
  const elements: T[] = [];
  if (reader.skip(end)) return elements;
  do elements.push(read(elements.length));
  while (reader.skip(','));
  reader.expect(end);
  return elements;
}

function readMembers(
  reader: PartiqlReader,
  read: (key: string) => AttributeValue,
): Record<string, AttributeValue> {
  reader.expect('{');
  const members: Record<string, AttributeValue> = {};
  readList(reader, '}', () => {
    if (reader.next.kind !== 'text') throw reader.unexpected();
    const key = reader.take().text;
    if (key === '') throw new ItemLanguageError('Empty attribute name');
    reader.expect(':');
    setMember(members, key, read(key));
  });
  return members;
}

/** `<<…>>`: strings or numbers, all of one kind, none twice. */
function readSet(reader: PartiqlReader): AttributeValue {
  const shown: string[] = [];
  const members = readList(reader, '>>', () => {
    const { text } = reader.next;
    const value = readLiteral(reader, 'root', 1);
    shown.push('S' in value ? value.S : text);
    return value;
  });
  if (members.length === 0) throw invalidParameter('An string set  may not be empty');
  const strings = members.flatMap((member) => ('S' in member ? member.S : []));
  if (strings.length === members.length) return { SS: unique(strings, shown, '.') };
  const numbers = members.flatMap((member) => ('N' in member ? member.N : []));
  if (numbers.length === members.length) return { NS: unique(numbers, shown, '! under root') };
  throw invalidParameter('Sets may hold strings or numbers, and only one of them');
}

function unique(members: readonly string[], shown: readonly string[], end: string): readonly string[] {
  if (new Set(members).size < members.length)
    throw invalidParameter(`Input collection [${shown.join(', ')}] contains duplicates${end}`);
  return members;
}
