// The grammars: what is printed is read again; nothing crashes or hangs them.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ItemLanguageError } from '../item-language-error.ts';
import { readCondition } from './condition-syntax.ts';
import { printCondition } from './print.fixture.ts';
import { readProjection } from './projection-syntax.ts';
import type { Comparator, ConditionNode, OperandNode, PathNode, PathStep } from './tree.ts';
import { readUpdate } from './update-syntax.ts';

const steps: fc.Arbitrary<PathStep> = fc.oneof(
  fc.stringMatching(/^[xyz][A-Za-z0-9_]{0,4}$/).map((name): PathStep => ({ kind: 'name', name })),
  fc.stringMatching(/^#[A-Za-z0-9_]{1,3}$/).map((alias): PathStep => ({ kind: 'alias', alias })),
);
const indexes = fc.nat(2_147_483_647).map((index): PathStep => ({ kind: 'index', index }));
const paths: fc.Arbitrary<PathNode> = fc
  .tuple(steps, fc.array(fc.oneof(steps, indexes), { maxLength: 3 }))
  .map(([first, rest]) => ({ kind: 'path', steps: [first, ...rest] }));
const operands: fc.Arbitrary<OperandNode> = fc.letrec<{ operand: OperandNode }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 2 },
    paths,
    fc
      .stringMatching(/^:[A-Za-z0-9_]{1,3}$/)
      .map((placeholder): OperandNode => ({ kind: 'value', placeholder })),
    fc
      .array(tie('operand'), { minLength: 1, maxLength: 3 })
      .map((args): OperandNode => ({ kind: 'call', name: 'some_function', args })),
  ),
})).operand;
const comparators = fc.constantFrom<Comparator[]>('=', '<>', '<', '<=', '>', '>=');

const conditions: fc.Arbitrary<ConditionNode> = fc.letrec<{ node: ConditionNode }>((tie) => {
  const parts = fc.array(tie('node'), { minLength: 2, maxLength: 3 });
  return {
    node: fc.oneof(
      { maxDepth: 3 },
      fc
        .tuple(operands, comparators, operands)
        .map(([left, comparator, right]): ConditionNode => ({ kind: 'comparison', comparator, left, right })),
      fc
        .tuple(operands, operands, operands)
        .map(([operand, low, high]): ConditionNode => ({ kind: 'between', operand, low, high })),
      fc
        .tuple(operands, fc.array(operands, { minLength: 1, maxLength: 3 }))
        .map(([operand, list]): ConditionNode => ({ kind: 'in', operand, list })),
      parts.map((all): ConditionNode => ({ kind: 'and', parts: all })),
      parts.map((all): ConditionNode => ({ kind: 'or', parts: all })),
      tie('node').map((part): ConditionNode => ({ kind: 'not', part })),
    ),
  };
}).node;

const TOKENS =
  'a b.c [0] #n :v ( ) , = <> < AND OR NOT IN BETWEEN size( SET REMOVE ADD DELETE + - . 4 ! contains('.split(
    ' ',
  );

/** Texts of tokens, which go further into the grammar than arbitrary ones. */
const soups = fc.array(fc.constantFrom(...TOKENS), { maxLength: 40 }).map((all) => all.join(' '));

const readers = [(text: string) => readCondition('FilterExpression', text), readUpdate, readProjection];

function readsOrRefuses(text: string): void {
  for (const read of readers) {
    try {
      read(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ItemLanguageError);
    }
  }
}

describe('the grammars', () => {
  it('read what is printed', () => {
    fc.assert(
      fc.property(conditions, (node) => {
        const text = printCondition(node);
        fc.pre(Buffer.byteLength(text) <= 4_096);
        expect(readCondition('FilterExpression', text)).toEqual(node);
      }),
    );
  });

  it('read or refuse anything', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), soups), readsOrRefuses));
  });

  it('are not exhausted by nesting', () => {
    for (const unit of ['(', 'NOT (', 'size(', 'a.', 'a[0]', 'SET a = (', 'NOT ', 'a=b AND (', '(a=b OR '])
      readsOrRefuses(unit.repeat(Math.floor(4_096 / unit.length)));
    readsOrRefuses(`${'('.repeat(2_000)}a = b${')'.repeat(2_000)}`);
    readsOrRefuses('(a=b)'.repeat(800));
  });

  it('count operators and bytes', () => {
    const many = Array.from({ length: 302 }, () => 'a<b').join(' or ');
    expect(() => readCondition('ConditionExpression', many)).toThrow(
      'Invalid ConditionExpression: The expression contains too many operators; operator count: 301',
    );
    expect(() => readCondition('ConditionExpression', 'a'.repeat(4_200))).toThrow(
      'Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4200',
    );
    expect(() => readUpdate('a'.repeat(4_200))).toThrow(
      /^Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;$/,
    );
    expect(() => readUpdate('remove a[2147483648]')).toThrow(
      'Invalid UpdateExpression: List index is not within the allowable range; index: [2147483648]',
    );
  });
});
