// Values from outside: checked as DynamoDB checks them, with numbers in their canonical form.
import { type AttributeType, attributeTypes, type AttributeValue, type Item } from '../attribute-value.ts';
import { invalidParameter, ItemLanguageError } from '../item-language-error.ts';
import { byteText } from './compare.ts';
import { canonicalNumber } from './decimal.ts';
import { LEVELS_MAX } from './levels.ts';
import { setMember } from './member.ts';

/**
 * The value with canonical numbers. Throws `ItemLanguageError` in DynamoDB's words when it has no type or several, is an
 * empty set or one with duplicates, a bad number, a NULL that is not true, or nested too deeply.
 */
export function checkValue(value: unknown): AttributeValue {
  return checkAt(value, 0);
}

/** A whole item (or key), every value checked. */
export function checkItem(item: Readonly<Record<string, unknown>>): Item {
  checkNames(item);
  return checkMembers(item, 0);
}

function checkMembers(
  members: Readonly<Record<string, unknown>>,
  level: number,
): Record<string, AttributeValue> {
  const checked: Record<string, AttributeValue> = {};
  for (const name of Object.keys(members)) setMember(checked, name, checkAt(members[name], level));
  checkNames(checked);
  return checked;
}

function checkNames(members: Readonly<Record<string, unknown>>): void {
  if (Object.hasOwn(members, '')) throw new ItemLanguageError('Empty attribute name');
}

function checkAt(value: unknown, level: number): AttributeValue {
  const typed = typesIn(value);
  const [first] = typed;
  if (first === undefined)
    throw new ItemLanguageError(
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    );
  // A number is read before anybody asks whether it stands alone.
  if (typed.length > 1) {
    for (const [type, raw] of typed) if (type === 'N') canonicalNumber(String(raw));
    throw new ItemLanguageError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return checkers[first[0]](first[1], level);
}

function typesIn(value: unknown): readonly [AttributeType, unknown][] {
  const found: [AttributeType, unknown][] = [];
  if (typeof value !== 'object' || value === null) return found;
  for (const type of attributeTypes) {
    const raw: unknown = (value as Record<string, unknown>)[type];
    if (raw !== undefined && raw !== null) found.push([type, raw]);
  }
  return found;
}

type Checker = (raw: unknown, level: number) => AttributeValue;

const checkers: Readonly<Record<AttributeType, Checker>> = {
  S: (raw) => ({ S: String(raw) }),
  N: (raw) => ({ N: canonicalNumber(String(raw)) }),
  B: (raw) => ({ B: raw as Uint8Array }),
  BOOL: (raw) => ({ BOOL: raw === true }),
  NULL: (raw) => {
    if (raw !== true) throw invalidParameter('Null attribute value types must have the value of true');
    return { NULL: true };
  },
  M: (raw, level) => {
    checkLevel(level + 1);
    return { M: checkMembers(raw as Record<string, unknown>, level + 1) };
  },
  L: (raw, level) => {
    checkLevel(level + 1);
    return { L: (raw as readonly unknown[]).map((value) => checkAt(value, level + 1)) };
  },
  SS: (raw) => ({ SS: checkStrings(raw as readonly string[]) }),
  NS: (raw) => ({ NS: checkNumbers(raw as readonly string[]) }),
  BS: (raw) => ({ BS: checkBinaries(raw as readonly Uint8Array[]) }),
};

function checkLevel(level: number): void {
  if (level > LEVELS_MAX)
    throw new ItemLanguageError(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
}

function checkStrings(members: readonly string[]): readonly string[] {
  if (members.length === 0) throw invalidParameter('An string set  may not be empty');
  if (new Set(members).size < members.length)
    throw invalidParameter(`Input collection [${members.join(', ')}] contains duplicates.`);
  return members;
}

function checkNumbers(members: readonly string[]): readonly string[] {
  if (members.length === 0) throw invalidParameter('An number set  may not be empty');
  const numbers = members.map((member) => canonicalNumber(member));
  if (new Set(numbers).size < numbers.length)
    throw new ItemLanguageError('Input collection contains duplicates');
  return numbers;
}

function checkBinaries(members: readonly Uint8Array[]): readonly Uint8Array[] {
  if (members.length === 0) throw invalidParameter('Binary sets should not be empty');
  if (new Set(members.map(byteText)).size < members.length) {
    const shown = members.map((member) => Buffer.from(member).toString('base64'));
    throw invalidParameter(`Input collection [${shown.join(', ')}]of type BS contains duplicates.`);
  }
  return members;
}
