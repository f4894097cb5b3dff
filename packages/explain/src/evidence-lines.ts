// Evidence as lines: policy statements as a person reads them, everything else as JSON.
import { isRecord } from '@pergola/kernel';

/** The lines of one piece of evidence. What the sentence already said (near misses, policy names) is left out. */
export function evidenceLines(name: string, value: unknown): string[] {
  if (name === 'nearMisses' || name === 'policies') return [];
  if (name === 'statements' && Array.isArray(value)) return value.flatMap(statementLines);
  return [`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`];
}

/** `trust:app, statement 0 (line 3), Allow: action ✓ resource ✓ principal ✓ condition ✗`, then each condition that does not hold. */
function statementLines(statement: unknown): string[] {
  if (!isRecord(statement)) return [JSON.stringify(statement)];
  const marks = ['principal', 'action', 'resource']
    .filter((element) => element in statement)
    .map((element) => `${element} ${statement[element] === true ? '✓' : '✗'}`);
  const conditions = Array.isArray(statement['conditions']) ? statement['conditions'].filter(isRecord) : [];
  const broken = conditions.filter((condition) => condition['holds'] !== true);
  if (conditions.length > 0) marks.push(`condition ${broken.length > 0 ? '✗' : '✓'}`);
  const sid = typeof statement['sid'] === 'string' ? ` "${statement['sid']}"` : '';
  const place = `${textOf(statement['policy'])}, statement ${textOf(statement['index'])}${sid} (line ${textOf(statement['line'])})`;
  return [`${place}, ${textOf(statement['effect'])}: ${marks.join(' ')}`, ...broken.flatMap(conditionLines)];
}

function conditionLines(condition: Record<string, unknown>): string[] {
  const actual = condition['actual'] === undefined ? 'not in the request' : listOf(condition['actual']);
  return [
    `  ${textOf(condition['operator'])} ${textOf(condition['key'])}`,
    `    wanted ${listOf(condition['wanted'])}`,
    `    was    ${actual}`,
  ];
}

function listOf(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join(' or ') : textOf(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
