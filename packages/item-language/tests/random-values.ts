// Values and items at random, for property tests.
import * as fc from 'fast-check';
import type { AttributeValue, Item } from '../src/attribute-value.ts';
import { canonicalNumber } from '../src/values/decimal.ts';
import { setMember } from '../src/values/member.ts';

export const numbers: fc.Arbitrary<string> = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: -80, max: 80 }))
  .map(([digits, exponent]) => canonicalNumber(`${digits}e${exponent}`));

/** Few different ones, so that equal ones meet. */
const smallNumbers = fc.integer({ min: -3, max: 12 }).map(String);
const strings = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', 'abc', '\u{1f600}', '\uffff'),
  fc.string({ maxLength: 6 }),
);
const bytes = fc.uint8Array({ maxLength: 4 });

export const scalars: fc.Arbitrary<AttributeValue> = fc.oneof(
  strings.map((S) => ({ S })),
  fc.oneof(smallNumbers, numbers).map((N) => ({ N })),
  bytes.map((B) => ({ B })),
);

const flat: fc.Arbitrary<AttributeValue> = fc.oneof(
  scalars,
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true as const }),
  fc.uniqueArray(strings, { minLength: 1, maxLength: 3 }).map((SS) => ({ SS })),
  fc.uniqueArray(smallNumbers, { minLength: 1, maxLength: 3 }).map((NS) => ({ NS })),
  fc.uniqueArray(bytes, { minLength: 1, maxLength: 3, selector: (b) => b.join() }).map((BS) => ({ BS })),
);

/** Attribute names of which few exist. */
export const names = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');

export function membersOf(
  entries: readonly (readonly [string, AttributeValue])[],
): Record<string, AttributeValue> {
  const members: Record<string, AttributeValue> = {};
  for (const [name, value] of entries) setMember(members, name, value);
  return members;
}

export const values: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    flat,
    fc.array(tie('value'), { maxLength: 3 }).map((L): AttributeValue => ({ L })),
    fc
      .array(fc.tuple(names, tie('value')), { maxLength: 3 })
      .map((all): AttributeValue => ({ M: membersOf(all) })),
  ),
})).value;

export const items: fc.Arbitrary<Item> = fc.array(fc.tuple(names, values), { maxLength: 5 }).map(membersOf);
