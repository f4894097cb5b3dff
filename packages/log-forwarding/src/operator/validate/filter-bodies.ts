// What can be wrong inside a filter, in the original's words. Both groups check the same, with few differences.
import { compileGoPattern } from '../../config/go-pattern.ts';
import type { DropCondition, FilterBodies } from '../spec/shared-spec.ts';
import { goList, goQuotedList } from './findings.ts';

const fieldPath = /^(\.[a-zA-Z0-9_]+|\."[^"]+")(\.[a-zA-Z0-9_]+|\."[^"]+")*$/;

/** Why `field` does not name a field of a record; undefined when it may. */
export function fieldProblem(field: string): string | undefined {
  if (!field.startsWith('.')) return `${JSON.stringify(field)} must start with a '.'`;
  if (fieldPath.test(field)) return undefined;
  return `${JSON.stringify(field)} must be a valid dot delimited path expression (.kubernetes.container_name or .kubernetes."test-foo")`;
}

export function dropConditionProblems({ olderThan, ...condition }: DropCondition): string[] {
  if (olderThan !== undefined) return ['olderThan is not implemented'];
  const { field = '', matches = '', notMatches = '' } = condition;
  const problems = [fieldProblem(field), patternsProblem(matches, notMatches)];
  if (/['\n\r]/.test(matches + notMatches)) {
    problems.push('matches/notMatches must not contain single quotes, newlines, or carriage returns');
  }
  if (!isPattern(notMatches || matches)) {
    problems.push('matches/notMatches must be a valid regular expression');
  }
  return problems.filter((problem) => problem !== undefined);
}

function isPattern(text: string): boolean {
  try {
    compileGoPattern(text);
    return true;
  } catch {
    // A SyntaxError, which says nothing that the original's words do not.
    return false;
  }
}

function patternsProblem(matches: string, notMatches: string): string | undefined {
  if (matches && notMatches) return 'only one of matches or notMatches can be defined at once';
  return matches || notMatches ? undefined : 'one of matches or notMatches must be defined';
}

/** The problems of a prune filter; `required` fields can never go. */
export function pruneProblems(
  prune: NonNullable<FilterBodies['prune']>,
  required: readonly string[],
): string[] {
  const { in: gone, notIn: kept } = prune;
  const problems = [...(gone ?? []), ...(kept ?? [])].map(fieldProblem);
  const lost = (gone ?? []).filter((field) => required.includes(field));
  if (lost.length > 0) {
    problems.push(`${goQuotedList(lost)} is/are required fields and must be removed from the \`in\` list.`);
  }
  const missing = kept ? required.filter((field) => !kept.includes(field)) : [];
  if (missing.length > 0) {
    problems.push(
      `${goQuotedList(missing.toSorted())} is/are required fields and must be included in the \`notIn\` list.`,
    );
  }
  return problems.filter((problem) => problem !== undefined);
}

/** What is wrong with each test of a drop filter, by the test's number. */
export function dropProblems(drop: NonNullable<FilterBodies['drop']>): Map<number, string> {
  const found = new Map<number, string>();
  for (const [index, { test = [] }] of drop.entries()) {
    const problems =
      test.length === 0
        ? ['a drop test must have at least one condition']
        : test.flatMap(dropConditionProblems);
    if (problems.length > 0) found.set(index, goList(problems));
  }
  return found;
}
