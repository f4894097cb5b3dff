// PartiQL: literals that are printed are read again; nothing crashes the parser or what is made of its statements.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { items, values } from '../../tests/random-values.ts';
import type { AttributeValue } from '../attribute-value.ts';
import { ItemLanguageError } from '../item-language-error.ts';
import type { KeySchema } from '../key-condition/key-condition.ts';
import { equalValues } from '../values/compare.ts';
import { bindActions, bindColumns, bindWhere } from './bind-statement.ts';
import { parseStatement } from './parse-statement.ts';
import { readPlanOf, writeTargetOf } from './statement-keys.ts';
import type { Statement } from './statement.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A literal, or undefined for bytes, which have none. */
function print(value: AttributeValue): string | undefined {
  if ('S' in value) return quoted(value.S);
  if ('N' in value) return value.N;
  if ('BOOL' in value) return String(value.BOOL);
  if ('NULL' in value) return 'null';
  if ('SS' in value) return `<<${value.SS.map(quoted).join(', ')}>>`;
  if ('NS' in value) return `<<${value.NS.join(',')}>>`;
  if ('L' in value) return joined(value.L.map(print), '[', ']');
  if (!('M' in value)) return undefined;
  const members = Object.entries(value.M).map(([name, member]) => {
    const text = print(member);
    return text === undefined ? undefined : `${quoted(name)}: ${text}`;
  });
  return joined(members, '{', '}');
}

function joined(parts: readonly (string | undefined)[], start: string, end: string): string | undefined {
  return parts.includes(undefined) ? undefined : start + parts.join(', ') + end;
}

const TOKENS =
  `SELECT INSERT UPDATE DELETE EXISTS FROM INTO VALUE SET REMOVE WHERE AND OR NOT IN IS MISSING NULL BETWEEN RETURNING ALL OLD NEW ORDER BY * , . ( ) [ ] { } << >> ? = <> < > + - ; : pk sk "a b" 'x' 1 2.5 true size( contains( begins_with( attribute_type( set_add( list_append( t`.split(
    ' ',
  );

const soups = fc
  .tuple(
    fc.constantFrom(
      '',
      'SELECT * FROM t WHERE',
      'UPDATE t SET',
      'INSERT INTO t VALUE {',
      'DELETE FROM t WHERE pk =',
    ),
    fc.array(fc.constantFrom(...TOKENS), { maxLength: 20 }),
  )
  .map(([start, rest]) => [start, ...rest].join(' '));

const schema: KeySchema = { partition: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'N' } };

/** Everything that a service does with a statement. */
function useOf(statement: Statement, item: Parameters<ReturnType<typeof bindWhere>['test']>[0]): void {
  if (statement.kind === 'insert') return;
  bindWhere(statement.where).test(item);
  if (statement.kind === 'select') {
    readPlanOf(statement.where, schema);
    bindColumns(statement.columns ?? []).project(item);
    return;
  }
  if (statement.kind === 'update') bindActions(statement.actions).apply(item);
  writeTargetOf(statement.where, schema);
}

describe('PartiQL', () => {
  it('reads the literals that are printed', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = print(value);
        fc.pre(text !== undefined);
        const statement = parseStatement(`INSERT INTO t VALUE {'a': ${text}}`);
        const read = statement.kind === 'insert' ? statement.item['a'] : undefined;
        expect(read && equalValues(read, value)).toBe(true);
      }),
    );
  });

  it('reads or refuses anything', () => {
    fc.assert(
      fc.property(fc.oneof(soups, fc.string()), items, (text, item) => {
        try {
          useOf(parseStatement(text), item);
        } catch (error) {
          expect(error).toBeInstanceOf(ItemLanguageError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
