// Values of parameters that are computed from the instance: `{DBInstanceClassMemory/9531392}`, `LEAST({…},5000)`.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html

/** What formulas may name. */
export interface FormulaFacts {
  readonly DBInstanceClassMemory: number;
  readonly AllocatedStorage: number;
  readonly EndPointPort: number;
}

const FACTORS = '(?:DBInstanceClassMemory|AllocatedStorage|EndPointPort|\\d{1,18})';
const TERM = new RegExp(`^\\{(${FACTORS}(?:[/*]${FACTORS})*)\\}$`);
const CALL = /^(GREATEST|LEAST|SUM)\((.+)\)$/;
const DEPTH_MAX = 4;

/** The number that a formula comes to; undefined for a text that is none. */
export function evaluateFormula(text: string, facts: FormulaFacts, depth = 0): number | undefined {
  const trimmed = text.trim();
  const term = TERM.exec(trimmed)?.[1];
  if (term !== undefined) return product(term, facts);
  // A number alone is a value, not a formula, unless it is an argument of one.
  if (/^\d{1,18}$/.test(trimmed)) return depth > 0 ? Number(trimmed) : undefined;
  const [, name, list = ''] = CALL.exec(trimmed) ?? [];
  if (name === undefined || depth >= DEPTH_MAX) return undefined;
  const values = splitArguments(list).map((part) => evaluateFormula(part, facts, depth + 1));
  const numbers = values.filter((value) => value !== undefined);
  return numbers.length === values.length ? combine(name, numbers) : undefined;
}

function combine(name: string, numbers: readonly number[]): number {
  if (name === 'SUM') return numbers.reduce((sum, value) => sum + value, 0);
  return name === 'LEAST' ? Math.min(...numbers) : Math.max(...numbers);
}

/** Whether RDS would take `text` as a formula, whatever instance it is for. */
export function isFormula(text: string): boolean {
  return (
    evaluateFormula(text, { DBInstanceClassMemory: 1, AllocatedStorage: 1, EndPointPort: 1 }) !== undefined
  );
}

function product(term: string, facts: FormulaFacts): number {
  let value = 1;
  for (const [, operator, factor = ''] of term.matchAll(/([/*]?)([A-Za-z]+|\d+)/g)) {
    const number = /^\d/.test(factor) ? Number(factor) : facts[factor as keyof FormulaFacts];
    value = operator === '/' ? value / number : value * number;
  }
  return Math.floor(value);
}

/** Splits at the commas that stand in no parentheses. */
function splitArguments(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < list.length; at++) {
    if (list[at] === '(') depth++;
    else if (list[at] === ')') depth--;
    else if (list[at] === ',' && depth === 0) {
      parts.push(list.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(list.slice(start));
  return parts;
}
