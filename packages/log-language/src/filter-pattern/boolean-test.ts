// Tests put together with &&, || and parentheses: `()` binds before `&&`, and `&&` before `||`.
import type { PatternText } from './pattern-text.ts';

export type BooleanTest<Leaf> =
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'and' | 'or'; readonly tests: readonly BooleanTest<Leaf>[] };

/** Reads a test; `readLeaf` reads what stands between the operators. */
export function readTest<Leaf>(text: PatternText, readLeaf: () => Leaf): BooleanTest<Leaf> {
  return readAll(text, '||', () => readAll(text, '&&', () => readOperand(text, readLeaf)));
}

function readAll<Leaf>(
  text: PatternText,
  operator: '&&' | '||',
  readOne: () => BooleanTest<Leaf>,
): BooleanTest<Leaf> {
  const first = readOne();
  const tests = [first];
  for (text.skipSpaces(); text.take(operator); text.skipSpaces()) tests.push(readOne());
  return tests.length === 1 ? first : { kind: operator === '&&' ? 'and' : 'or', tests };
}

function readOperand<Leaf>(text: PatternText, readLeaf: () => Leaf): BooleanTest<Leaf> {
  text.skipSpaces();
  if (!text.take('(')) return { kind: 'leaf', leaf: readLeaf() };
  const test = readTest(text, readLeaf);
  text.skipSpaces();
  if (!text.take(')')) throw text.unexpected("')'");
  return test;
}

export function passes<Leaf>(test: BooleanTest<Leaf>, holds: (leaf: Leaf) => boolean): boolean {
  if (test.kind === 'leaf') return holds(test.leaf);
  const one = (part: BooleanTest<Leaf>) => passes(part, holds);
  return test.kind === 'and' ? test.tests.every(one) : test.tests.some(one);
}

export function leavesOf<Leaf>(test: BooleanTest<Leaf>): readonly Leaf[] {
  return test.kind === 'leaf' ? [test.leaf] : test.tests.flatMap(leavesOf);
}

/** Puts together what is known of each leaf. */
export function fold<Leaf, Known>(
  test: BooleanTest<Leaf>,
  known: (leaf: Leaf) => Known,
  join: { and(left: Known, right: Known): Known; or(left: Known, right: Known): Known },
): Known {
  if (test.kind === 'leaf') return known(test.leaf);
  return test.tests.map((part) => fold(part, known, join)).reduce(join[test.kind]);
}
