// Updates of any items against a plain reading of the Developer Guide: all values are read first; then each place is
// changed in a copy, where removed elements of lists leave marks until the end.
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { items, names, values } from '../../tests/random-values.ts';
import type { AttributeValue, Item } from '../attribute-value.ts';
import { ItemLanguageError } from '../item-language-error.ts';
import { Placeholders } from '../placeholders.ts';
import { parseUpdate } from './parse-update.ts';

type Path = readonly (string | number)[];
type Wire = Record<string, unknown>;

interface Action {
  readonly path: Path;
  readonly kind: 'set' | 'copy' | 'remove';
  readonly value: AttributeValue;
  readonly from: string;
}

const paths: fc.Arbitrary<Path> = fc
  .tuple(names, fc.array(fc.oneof(names, fc.nat(3)), { maxLength: 2 }))
  .map(([first, rest]) => [first, ...rest]);
const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.record({ path: paths, kind: fc.constantFrom('set', 'copy', 'remove'), value: values, from: names }),
  { minLength: 1, maxLength: 4 },
);

/** Every name as a placeholder, because any may be one. */
function textOf(all: readonly Action[]): { readonly text: string; readonly placeholders: Placeholders } {
  const aliases: Record<string, string> = {};
  const given: Wire = {};
  const alias = (name: string): string => {
    const key = `#n${Object.values(aliases).length}`;
    aliases[key] = name;
    return key;
  };
  const print = (path: Path): string =>
    path
      .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${alias(step)}`))
      .join('');
  const sets = all.flatMap((action, at) => {
    if (action.kind === 'remove') return [];
    if (action.kind === 'copy') return [`${print(action.path)} = ${alias(action.from)}`];
    given[`:v${at}`] = action.value;
    return [`${print(action.path)} = :v${at}`];
  });
  const removes = all.flatMap(({ kind, path }) => (kind === 'remove' ? [print(path)] : []));
  const clauses = [
    sets.length > 0 ? `SET ${sets.join(', ')}` : '',
    removes.length > 0 ? `REMOVE ${removes.join(', ')}` : '',
  ];
  const maps = { names: aliases, ...(Object.keys(given).length > 0 && { values: given }) };
  return { text: clauses.join(' '), placeholders: new Placeholders(maps) };
}

const GONE = Symbol('gone');
const own = (members: object, name: string | number): unknown =>
  Object.hasOwn(members, name) ? (members as Record<string | number, unknown>)[name] : undefined;
const define = (members: object, name: string | number, value: unknown): void => {
  Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
};

/** The members or elements that the last step of a path is about. */
function holder(root: Wire, path: Path): object | undefined {
  let at: unknown = root;
  for (const step of path.slice(0, -1)) {
    if (typeof at !== 'object' || at === null) return undefined;
    const value = own(at, step);
    at = typeof value === 'object' && value !== null ? (own(value, 'M') ?? own(value, 'L')) : undefined;
  }
  if (typeof at !== 'object' || at === null) return undefined;
  return Array.isArray(at) === (typeof path.at(-1) === 'number') ? at : undefined;
}

function naive(item: Item, all: readonly Action[]): Item | 'refused' {
  const read = all.map(({ kind, value, from }) => (kind === 'copy' ? own(item, from) : value));
  if (all.some(({ kind }, at) => kind === 'copy' && read[at] === undefined)) return 'refused';
  const copy = structuredClone(item) as Wire;
  const appended: { readonly list: unknown[]; readonly index: number; readonly value: unknown }[] = [];
  for (const [at, { path, kind }] of all.entries()) {
    const within = holder(copy, path);
    const last = path.at(-1) ?? '';
    if (!within) return 'refused';
    if (kind === 'remove') {
      if (!Array.isArray(within)) delete (within as Wire)[String(last)];
      else if (Number(last) < within.length) within[Number(last)] = GONE;
    } else if (Array.isArray(within) && Number(last) >= within.length)
      appended.push({ list: within, index: Number(last), value: read[at] });
    else define(within, last, read[at]);
  }
  for (const { list, value } of appended.toSorted((a, b) => a.index - b.index)) list.push(value);
  return swept(copy) as Item;
}

function swept(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.filter((element) => element !== GONE).map(swept);
  for (const name of Object.keys(value)) define(value, name, swept(own(value, name)));
  return value;
}

describe('an update', () => {
  it('does what the guide says, and leaves the old item alone', () => {
    let applied = 0;
    fc.assert(
      fc.property(items, actions, (item, all) => {
        const { text, placeholders } = textOf(all);
        const before = structuredClone(item);
        let update;
        try {
          update = parseUpdate(text, placeholders);
        } catch (error) {
          // Paths that overlap or conflict have no meaning to compare.
          expect((error as Error).message).toMatch(/^Invalid UpdateExpression: Two document paths /);
          return;
        }
        const sets = all.filter(({ kind }) => kind !== 'remove');
        const expected = naive(item, [...sets, ...all.filter(({ kind }) => kind === 'remove')]);
        if (expected === 'refused') expect(() => update.apply(item)).toThrow(ItemLanguageError);
        else {
          expect(isDeepStrictEqual(update.apply(item), expected)).toBe(true);
          applied += 1;
        }
        expect(isDeepStrictEqual(item, before)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    expect(applied).toBeGreaterThan(100);
  });
});
