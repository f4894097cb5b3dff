// The condition operators as a table: how each compiles the policy's values into a test of one value of
// the request. Negation, sets and absence are the business of condition.ts. Upstream: IAM User Guide,
// "IAM JSON policy elements: Condition operators".
import { compileArnPattern } from './arn-pattern.ts';
import { parseInstant } from './instant.ts';
import { ipInRange, parseIpRange } from './ip-range.ts';
import { compileTemplate, parseTemplate, type TextMatcher } from './template.ts';

/** Whether one value of the request equals (is like, is less than…) one value of the policy. */
type ValueCompiler = (wanted: string, variables: boolean) => TextMatcher;

export interface Operator {
  /** True for the `Not` forms: the condition holds when no value of the policy matches. */
  readonly negated: boolean;
  /** `compile` is the test of the positive form. */
  readonly compile: ValueCompiler;
}

const equals: ValueCompiler = (wanted, variables) =>
  compileTemplate(parseTemplate(wanted, { variables, wildcards: false }));

const like: ValueCompiler = (wanted, variables) =>
  compileTemplate(parseTemplate(wanted, { variables, wildcards: true }));

/** Case is dropped after variables are put in, since their values have case too. */
const equalsIgnoreCase: ValueCompiler = (wanted, variables) => {
  const tokens = parseTemplate(wanted, { variables, wildcards: false });
  return (text, scope) => {
    let expected = '';
    for (const token of tokens) {
      const part = typeof token === 'object' ? (scope.single(token.key) ?? token.fallback) : token;
      if (typeof part !== 'string') return undefined;
      expected += part;
    }
    return text.toLowerCase() === expected.toLowerCase();
  };
};

const arn: ValueCompiler = (wanted, variables) =>
  compileArnPattern(wanted, { variables, element: 'condition' });

type Comparison = (actual: number, wanted: number) => boolean;

/** What cannot be read on either side matches nothing. */
function ordered(parse: (text: string) => number | undefined, compare: Comparison): ValueCompiler {
  return (wanted) => {
    const limit = parse(wanted);
    return (text) => {
      const actual = parse(text);
      return actual !== undefined && limit !== undefined && compare(actual, limit);
    };
  };
}

function parseDecimal(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined;
}

const bool: ValueCompiler = (wanted) => {
  const expected = wanted.toLowerCase();
  return (text) => text.toLowerCase() === expected;
};

const binary: ValueCompiler = (wanted) => {
  const expected = Buffer.from(wanted, 'base64');
  return (text) => expected.equals(Buffer.from(text, 'base64'));
};

const ipAddress: ValueCompiler = (wanted) => {
  const range = parseIpRange(wanted);
  return (text) => {
    const address = parseIpRange(text);
    return address !== undefined && range !== undefined && ipInRange(address, range);
  };
};

const is = (compile: ValueCompiler): Operator => ({ negated: false, compile });
const isNot = (compile: ValueCompiler): Operator => ({ negated: true, compile });

/** The six orderings of a type, e.g. `NumericLessThanEquals`. */
function orderings(prefix: string, parse: (text: string) => number | undefined): [string, Operator][] {
  return [
    [`${prefix}Equals`, is(ordered(parse, (a, b) => a === b))],
    [`${prefix}NotEquals`, isNot(ordered(parse, (a, b) => a === b))],
    [`${prefix}LessThan`, is(ordered(parse, (a, b) => a < b))],
    [`${prefix}LessThanEquals`, is(ordered(parse, (a, b) => a <= b))],
    [`${prefix}GreaterThan`, is(ordered(parse, (a, b) => a > b))],
    [`${prefix}GreaterThanEquals`, is(ordered(parse, (a, b) => a >= b))],
  ];
}

/** Every operator but `Null`, which looks at presence and not at values. */
export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['StringEquals', is(equals)],
  ['StringNotEquals', isNot(equals)],
  ['StringEqualsIgnoreCase', is(equalsIgnoreCase)],
  ['StringNotEqualsIgnoreCase', isNot(equalsIgnoreCase)],
  ['StringLike', is(like)],
  ['StringNotLike', isNot(like)],
  ...orderings('Numeric', parseDecimal),
  ...orderings('Date', parseInstant),
  ['Bool', is(bool)],
  ['BinaryEquals', is(binary)],
  ['IpAddress', is(ipAddress)],
  ['NotIpAddress', isNot(ipAddress)],
  ['ArnEquals', is(arn)],
  ['ArnLike', is(arn)],
  ['ArnNotEquals', isNot(arn)],
  ['ArnNotLike', isNot(arn)],
]);

/** An operator as written in a policy, taken apart. */
export interface OperatorName {
  readonly quantifier: 'one' | 'all' | 'any';
  /** Without quantifier and IfExists, e.g. `StringLike` or `Null`. */
  readonly base: string;
  readonly ifExists: boolean;
}

const written = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/** Takes `ForAnyValue:StringLikeIfExists` apart; undefined when there is no such operator. */
export function parseOperator(text: string): OperatorName | undefined {
  const [, set, base = '', ifExists] = written.exec(text) ?? [];
  const quantifier = set === undefined ? 'one' : set === 'ForAllValues' ? 'all' : 'any';
  if (base === 'Null') {
    return set === undefined && ifExists === undefined ? { quantifier, base, ifExists: false } : undefined;
  }
  return operators.has(base) ? { quantifier, base, ifExists: ifExists !== undefined } : undefined;
}
