// A statement held against a request element by element: what matched, what did not, and by which values.
// The hot path stops at the first mismatch; this looks at all of them.
import type { CompiledCondition } from '../condition.ts';
import type { CompiledStatement } from '../compile.ts';
import type { NamedPolicy } from '../policy-set.ts';
import type { Scope } from '../scope.ts';
import { allowNaming, denyNames } from '../survey.ts';
import { isVariable, parseTemplate } from '../template.ts';

export interface ConditionExam {
  readonly operator: string;
  readonly key: string;
  readonly holds: boolean;
  /** The request's values; null when the key is not in the request. */
  readonly actual: readonly string[] | null;
  readonly wanted: readonly string[];
  /** Variables among the wanted values that have no value in the request. */
  readonly unresolved?: readonly string[];
}

export interface StatementExam {
  readonly policy: NamedPolicy;
  readonly statement: CompiledStatement;
  readonly action: boolean;
  readonly resource: boolean;
  /** Always true where principals are not asked for. */
  readonly principal: boolean;
  readonly conditions: readonly ConditionExam[];
  /** Elements that did not match: `action`, `resource`, `principal`, `condition OPERATOR KEY`. */
  readonly failed: readonly string[];
}

export interface Examiner {
  readonly scope: Scope;
  /** Whether the policies are a resource's, and whether the caller has a boundary. */
  readonly principals: 'ignored' | 'asked' | 'asked-bounded';
}

export function examinePolicy(policy: NamedPolicy, examiner: Examiner): StatementExam[] {
  return policy.policy.statements.map((statement) => examine(policy, statement, examiner));
}

function examine(policy: NamedPolicy, statement: CompiledStatement, examiner: Examiner): StatementExam {
  const { scope } = examiner;
  const action = statement.matchesAction(scope.action);
  const resource = statement.matchesResource(scope);
  const principal = matchesPrincipal(statement, examiner);
  const conditions = statement.conditions.map((condition) => examineCondition(condition, policy, scope));
  const failed = [
    ...(action ? [] : ['action']),
    ...(resource ? [] : ['resource']),
    ...(principal ? [] : ['principal']),
    ...conditions.filter((exam) => !exam.holds).map((exam) => `condition ${exam.operator} ${exam.key}`),
  ];
  return { policy, statement, action, resource, principal, conditions, failed };
}

function matchesPrincipal(statement: CompiledStatement, { principals, scope }: Examiner): boolean {
  if (principals === 'ignored') return true;
  return statement.source.effect === 'Deny'
    ? denyNames(statement, scope, principals === 'asked-bounded')
    : allowNaming(statement, scope) !== 'none';
}

function examineCondition(condition: CompiledCondition, policy: NamedPolicy, scope: Scope): ConditionExam {
  const { operator, key, values } = condition.clause;
  const actual = scope.values(condition.key) ?? null;
  const unresolved = unresolvedVariables(values, policy, scope);
  const exam = { operator, key, holds: condition.holds(scope), actual, wanted: values };
  return unresolved.length > 0 ? { ...exam, unresolved } : exam;
}

function unresolvedVariables(values: readonly string[], policy: NamedPolicy, scope: Scope): string[] {
  const variables = policy.policy.document.version === '2012-10-17';
  return values
    .flatMap((value) => parseTemplate(value, { variables, wildcards: false }))
    .filter(isVariable)
    .filter((variable) => scope.single(variable.key) === undefined && variable.fallback === undefined)
    .map((variable) => variable.written);
}

/** The exam as evidence: plain values, no patterns compiled. */
export function evidenceOf(exam: StatementExam): Readonly<Record<string, unknown>> {
  const { source, index } = exam.statement;
  return {
    policy: exam.policy.name,
    index,
    sid: source.sid,
    line: source.start.line,
    effect: source.effect,
    action: exam.action,
    resource: exam.resource,
    principal: exam.principal,
    conditions: exam.conditions,
  };
}

/** `statement 2 ("ReadOnly") of inline:p`. */
export function nameOfStatement({ policy, statement }: Pick<StatementExam, 'policy' | 'statement'>): string {
  const { sid } = statement.source;
  return `statement ${statement.index}${sid ? ` ("${sid}")` : ''} of ${policy.name}`;
}
