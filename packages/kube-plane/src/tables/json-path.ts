// The JSONPath that printer columns and `-o jsonpath` selectors of CRDs use: names, quoted names, indexes, slices,
// wildcards and filters such as `[?(@.type=="Ready")]`.
import { fail, isRecord, ok, type Result } from '@pergola/kernel';

/** A compiled path: all values that it finds, in order. */
export type JsonPath = (value: unknown) => readonly unknown[];

type Step = (value: unknown) => readonly unknown[];

/** Compiles `.spec.size` or `{.status.conditions[?(@.type=="Ready")].status}`. */
export function parseJsonPath(text: string): Result<JsonPath> {
  const body = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
  const steps: Step[] = [];
  let rest = body.startsWith('$') ? body.slice(1) : body;
  while (rest !== '') {
    const parsed = parseStep(rest);
    if (!parsed) return fail(`invalid JSONPath ${JSON.stringify(text)} at ${JSON.stringify(rest)}`);
    if (parsed.step) steps.push(parsed.step);
    rest = rest.slice(parsed.length);
  }
  return ok((value) =>
    steps.reduce<readonly unknown[]>((found, step) => found.flatMap((one) => step(one)), [value]),
  );
}

interface ParsedStep {
  readonly length: number;
  /** Absent for a lone dot, which is the value itself. */
  readonly step?: Step;
}

const patterns: readonly (readonly [RegExp, (match: RegExpExecArray) => Step | undefined])[] = [
  [/^\.\*/, () => everyItem],
  [/^\.((?:\\.|[^.[\]{}()\s\\])+)/, (match) => field((match[1] ?? '').replaceAll(/\\(.)/g, '$1'))],
  [/^\.(?=\[|$)/, () => undefined],
  [/^\[\*\]/, () => everyItem],
  [/^\[(-?\d+)\]/, (match) => index(Number(match[1]))],
  [/^\[(-?\d*):(-?\d*)\]/, (match) => slice(match[1] ?? '', match[2] ?? '')],
  [/^\[(['"])((?:\\.|(?!\1).)*)\1\]/, (match) => field((match[2] ?? '').replaceAll(/\\(.)/g, '$1'))],
  [/^\[\?\(((?:"(?:\\.|[^"])*"|'(?:\\.|[^'])*'|[^)'"])*)\)\]/, (match) => filter(match[1] ?? '')],
];

function parseStep(text: string): ParsedStep | undefined {
  for (const [pattern, make] of patterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const step = make(match);
    if (step === unknownStep) return undefined;
    return step ? { length: match[0].length, step } : { length: match[0].length };
  }
  return undefined;
}

const unknownStep: Step = () => [];

function field(name: string): Step {
  return (value) => (isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : []);
}

function everyItem(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

function index(position: number): Step {
  return (value) => {
    const item: unknown = Array.isArray(value) ? value.at(position) : undefined;
    return item === undefined ? [] : [item];
  };
}

function slice(start: string, end: string): Step {
  const bound = (text: string) => (text === '' ? undefined : Number(text));
  return (value) => (Array.isArray(value) ? value.slice(bound(start), bound(end)) : []);
}

const comparisons: Readonly<Record<string, (left: number | string, right: number | string) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
};

/** `@.type=="Ready"`, `@.count > 3`, or `@.name` for presence. */
function filter(expression: string): Step {
  const match = /^\s*@((?:[.[](?:(?!==|!=|<=|>=|[<>=]).)+)?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?)\s*)?$/.exec(
    expression,
  );
  if (!match) return unknownStep;
  const path = parseJsonPath((match[1] ?? '').trim());
  if (!path.ok) return unknownStep;
  const compare = comparisons[match[2] ?? ''];
  if (!compare) return (value) => everyItem(value).filter((item) => path.value(item).length > 0);
  const wanted = literal(match[3] ?? '');
  if (wanted === undefined) return unknownStep;
  return (value) =>
    everyItem(value).filter((item) => {
      const [found] = path.value(item);
      const comparable = typeof found === 'boolean' ? String(found) : found;
      return typeof comparable === typeof wanted && compare(comparable as string | number, wanted);
    });
}

function literal(text: string): string | number | undefined {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted) return (quoted[2] ?? '').replaceAll(/\\(.)/g, '$1');
  if (text === 'true' || text === 'false') return text;
  return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : undefined;
}
