// Label selectors: the text form of queries and the object form inside specs. Follows
// k8s.io/apimachinery/pkg/labels (parser and wording).
import { isRecord } from '@pergola/kernel';
import { faults } from '../faults.ts';
import { labelKeyError, labelValueError } from './label-syntax.ts';
import { tokensOf } from './selector-tokens.ts';

export type LabelOperator = 'in' | 'notin' | '=' | '!=' | 'exists' | '!';

/** One condition on one label. `values` has one entry for `=` and `!=`, none for `exists` and `!`. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/** All requirements must hold. */
export interface LabelSelector {
  readonly requirements: readonly LabelRequirement[];
  matches(labels: Readonly<Record<string, string>> | undefined): boolean;
}

function selectorOf(requirements: readonly LabelRequirement[]): LabelSelector {
  return {
    requirements,
    matches: (labels = {}) => requirements.every((requirement) => holds(requirement, labels)),
  };
}

/** Selects everything. */
export const everything: LabelSelector = selectorOf([]);

function holds(
  { key, operator, values }: LabelRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const present = Object.hasOwn(labels, key);
  const value = labels[key] ?? '';
  switch (operator) {
    case 'exists':
      return present;
    case '!':
      return !present;
    case '=':
    case 'in':
      return present && values.includes(value);
    default:
      return !present || !values.includes(value);
  }
}

/**
 * Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`. An empty text selects everything.
 * @throws KubeStatus 400, worded as the API server does.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const parsed = parseRequirements(text);
  if (typeof parsed === 'string') throw faults.badRequest(parsed);
  return parsed.length === 0 ? everything : selectorOf(parsed);
}

function parseRequirements(text: string): LabelRequirement[] | string {
  const tokens = tokensOf(text);
  const requirements: LabelRequirement[] = [];
  if (tokens[0]?.text === '') return requirements;
  let at = 0;
  const peek = () => tokens[at]?.text ?? '';
  const take = () => tokens[at++]?.text ?? '';
  for (;;) {
    const parsed = parseRequirement({ peek, take });
    if (typeof parsed === 'string') return parsed;
    requirements.push(parsed);
    const after = take();
    if (after === '') return requirements;
    if (after !== ',') return `found '${after}', expected: ',' or 'end of string'`;
    if (peek() === '' || peek() === ',') return `found '${peek()}', expected: identifier after ','`;
  }
}

interface Tokens {
  readonly peek: () => string;
  readonly take: () => string;
}

const comparisons: Readonly<Record<string, LabelOperator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  in: 'in',
  notin: 'notin',
};

function parseRequirement(tokens: Tokens): LabelRequirement | string {
  const negated = tokens.peek() === '!';
  if (negated) tokens.take();
  const key = takeKey(tokens);
  if (typeof key !== 'string') return key.error;
  const next = tokens.peek();
  if (negated) return { key, operator: '!', values: [] };
  if (next === '' || next === ',') return { key, operator: 'exists', values: [] };
  const operator = comparisons[tokens.take()];
  if (!operator) return `found '${next}', expected: in, notin, =, ==, !=, gt, lt`;
  const values = operator === 'in' || operator === 'notin' ? parseList(tokens) : [takeValue(tokens)];
  if (typeof values === 'string') return values;
  for (const [index, value] of values.entries()) {
    const rule = labelValueError(value);
    if (rule)
      return `unable to parse requirement: values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${rule}`;
  }
  return { key, operator, values };
}

function takeKey(tokens: Tokens): string | { readonly error: string } {
  const key = tokens.take();
  if (key === '' || /^[(),=!<>]/.test(key)) {
    return { error: `found '${key}', expected: !, identifier, or 'end of string'` };
  }
  const wrong = labelKeyError(key);
  return wrong ? { error: `unable to parse requirement: ${wrong}` } : key;
}

/** The value after `=`; none means the empty string. */
function takeValue(tokens: Tokens): string {
  const next = tokens.peek();
  return next === '' || next === ',' ? '' : tokens.take();
}

function parseList(tokens: Tokens): string[] | string {
  const open = tokens.take();
  if (open !== '(') return `found '${open}' expected: '('`;
  const values: string[] = [];
  for (;;) {
    const next = tokens.peek();
    values.push(next === ',' || next === ')' ? '' : tokens.take());
    const separator = tokens.take();
    if (separator === ')') return values;
    if (separator !== ',') return `found '${separator}', expected: ',' or ')'`;
  }
}

const objectOperators: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/** The selector that a LabelSelector object means. Undefined selects nothing, an empty object everything. */
export function labelSelectorOf(selector: unknown): LabelSelector {
  if (!isRecord(selector)) return { requirements: [], matches: () => false };
  const labels = isRecord(selector['matchLabels']) ? selector['matchLabels'] : {};
  const expressions = Array.isArray(selector['matchExpressions']) ? selector['matchExpressions'] : [];
  const requirements: LabelRequirement[] = Object.entries(labels).map(([key, value]) => ({
    key,
    operator: '=',
    values: [String(value)],
  }));
  for (const expression of expressions) {
    if (!isRecord(expression)) continue;
    const operator = objectOperators[String(expression['operator'])];
    if (!operator)
      throw faults.badRequest(`"${expression['operator']}" is not a valid label selector operator`);
    const values = Array.isArray(expression['values']) ? expression['values'].map(String) : [];
    requirements.push({ key: String(expression['key']), operator, values });
  }
  return selectorOf(requirements);
}

/** The text form of a selector, as `status.selector` of a scale has it. */
export function renderLabelSelector(selector: LabelSelector): string {
  const render = ({ key, operator, values }: LabelRequirement) => {
    if (operator === 'exists') return key;
    if (operator === '!') return `!${key}`;
    if (operator === 'in' || operator === 'notin')
      return `${key} ${operator} (${[...values].sort().join(',')})`;
    return `${key}${operator}${values[0] ?? ''}`;
  };
  return [...selector.requirements]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(render)
    .join(',');
}
