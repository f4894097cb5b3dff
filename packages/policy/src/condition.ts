// One condition of a statement, compiled: operator, key, values, set quantifier, IfExists, negation.
import { assert } from '@pergola/kernel';
import type { ConditionClause } from './document.ts';
import { type OperatorName, operators, parseOperator } from './operators.ts';
import type { Scope } from './scope.ts';
import type { TextMatcher } from './template.ts';

export interface CompiledCondition {
  readonly clause: ConditionClause;
  readonly name: OperatorName;
  /** The key in lower case. */
  readonly key: string;
  holds(scope: Scope): boolean;
}

/** Compiles a clause that the parser has accepted. */
export function compileCondition(clause: ConditionClause, variables: boolean): CompiledCondition {
  const name = parseOperator(clause.operator);
  assert(name, `unknown condition operator ${clause.operator}`);
  const key = clause.key.toLowerCase();
  if (name.base === 'Null') {
    const wantsAbsent = new Set(clause.values.map((value) => value.toLowerCase()));
    const holds = (scope: Scope) => wantsAbsent.has(String(scope.values(key) === undefined));
    return { clause, name, key, holds };
  }
  const operator = operators.get(name.base);
  assert(operator, `unknown condition operator ${clause.operator}`);
  const holdsFor = valueTest(
    clause.values.map((value) => operator.compile(value, variables)),
    operator.negated,
  );
  const whenAbsent =
    name.quantifier === 'all' || (name.quantifier === 'one' && (name.ifExists || operator.negated));
  const holds = (scope: Scope) => {
    const actual = scope.values(key);
    if (actual === undefined) return whenAbsent;
    return quantify(name.quantifier, actual, operator.negated, (value) => holdsFor(value, scope));
  };
  return { clause, name, key, holds };
}

/** For one value of the request: some value of the policy matches, or for the negated forms none does. */
function valueTest(
  matchers: readonly TextMatcher[],
  negated: boolean,
): (value: string, scope: Scope) => boolean {
  return (value, scope) => {
    for (const matches of matchers) {
      const answer = matches(value, scope);
      if (answer) return !negated;
      // A variable without a value: the element does not match, whichever way it is asked.
      if (answer === undefined && negated) return false;
    }
    return negated;
  };
}

/**
 * Without a set operator, a key with several values holds when one does, and when negated only if all do.
 * Empty values are an empty set to the set operators.
 */
function quantify(
  quantifier: OperatorName['quantifier'],
  actual: readonly string[],
  negated: boolean,
  holds: (value: string) => boolean,
): boolean {
  const [only] = actual;
  if (quantifier === 'one') {
    if (actual.length === 1 && only !== undefined) return holds(only);
    return negated ? actual.every(holds) : actual.some(holds);
  }
  const set = actual.filter((value) => value !== '');
  return quantifier === 'all' ? set.every(holds) : set.some(holds);
}
