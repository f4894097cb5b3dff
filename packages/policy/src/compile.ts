// A document made ready to be asked many times: patterns become tests, and the statements that speak of
// an action are found once and remembered.
import { LruMap } from '@pergola/kernel';
import { compileArnPattern } from './arn-pattern.ts';
import { type CompiledCondition, compileCondition } from './condition.ts';
import type { PatternElement, PolicyDocument, Statement } from './document.ts';
import { compileGlob, globTokens, type TextTest } from './glob.ts';
import type { Scope } from './scope.ts';

export interface CompiledStatement {
  readonly source: Statement;
  /** Place in the document, from 0. */
  readonly index: number;
  /** `action` in lower case. */
  matchesAction(action: string): boolean;
  matchesResource(scope: Scope): boolean;
  readonly conditions: readonly CompiledCondition[];
}

/** The statements that speak of one action. */
export interface Candidates {
  readonly denies: readonly CompiledStatement[];
  readonly allows: readonly CompiledStatement[];
}

/** A policy that `evaluate` can be asked about. Immutable to its users; keep it as long as the document stands. */
export interface CompiledPolicy {
  readonly document: PolicyDocument;
  readonly statements: readonly CompiledStatement[];
  /** `action` in lower case. */
  candidates(action: string): Candidates;
}

/** Actions remembered for each policy; more than a program calls in practice. */
const rememberedActionsMax = 256;

export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  const variables = document.version === '2012-10-17';
  const statements = document.statements.map((source, index) => compileStatement(source, index, variables));
  const remembered = new LruMap<string, Candidates>(rememberedActionsMax);
  return {
    document,
    statements,
    candidates(action) {
      const known = remembered.get(action);
      if (known) return known;
      const matching = statements.filter((statement) => statement.matchesAction(action));
      const found = {
        denies: matching.filter((statement) => statement.source.effect === 'Deny'),
        allows: matching.filter((statement) => statement.source.effect === 'Allow'),
      };
      remembered.set(action, found);
      return found;
    },
  };
}

function compileStatement(source: Statement, index: number, variables: boolean): CompiledStatement {
  const actionTest = anyTest(source.action.patterns);
  const { negated } = source.action;
  return {
    source,
    index,
    matchesAction: (action) => actionTest(action) !== negated,
    matchesResource: compileResource(source.resource, variables),
    conditions: source.conditions.map((clause) => compileCondition(clause, variables)),
  };
}

/** Actions are compared without regard to case: both sides are lower case. */
function anyTest(patterns: readonly string[]): TextTest {
  const exact = new Set<string>();
  const tests: TextTest[] = [];
  for (const pattern of patterns) {
    const lower = pattern.toLowerCase();
    if (/[*?]/.test(lower)) tests.push(compileGlob(globTokens(lower)));
    else exact.add(lower);
  }
  return (text) => exact.has(text) || tests.some((test) => test(text));
}

/** Trust policies have no Resource: they speak of the role that carries them. */
function compileResource(element: PatternElement | undefined, variables: boolean): (scope: Scope) => boolean {
  if (!element) return () => true;
  const matchers = element.patterns.map((pattern) =>
    compileArnPattern(pattern, { variables, element: 'resource' }),
  );
  const { negated } = element;
  return (scope) => {
    const { resource } = scope.request;
    for (const matches of matchers) {
      const answer = matches(resource, scope);
      if (answer) return !negated;
      // A variable without a value: the element does not match, whichever way it is asked.
      if (answer === undefined && negated) return false;
    }
    return negated;
  };
}
