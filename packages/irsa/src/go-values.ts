// Annotation values as Go's standard library reads them, because the original webhook is written in Go.

const truths = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falsehoods = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** strconv.ParseBool; undefined where it fails. */
export function parseGoBool(text: string): boolean | undefined {
  if (truths.has(text)) return true;
  return falsehoods.has(text) ? false : undefined;
}

const int64Max = 9_223_372_036_854_775_807n;

/** strconv.ParseInt(text, 10, 64); undefined where it fails. Beyond 2^53 the value is rounded. */
export function parseGoInt(text: string): number | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return value > int64Max || value < -int64Max - 1n ? undefined : Number(value);
}

/**
 * The first record of a CSV text as encoding/csv reads it: blanks are kept, empty lines before it are skipped,
 * quotes only around a whole field. Undefined where Go reports an error (also for a text without a record).
 */
export function parseGoCsvRecord(text: string): string[] | undefined {
  const rest = text.replaceAll('\r\n', '\n').replace(/^\n+/, '');
  if (rest === '') return undefined;
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const field = rest[at] === '"' ? quotedField(rest, at + 1) : plainField(rest, at);
    if (!field) return undefined;
    fields.push(field.value);
    if (rest[field.end] !== ',') return fields;
    at = field.end + 1;
  }
}

interface Field {
  readonly value: string;
  /** Where the comma, the line's end or the text's end stands. */
  readonly end: number;
}

function plainField(text: string, start: number): Field | undefined {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
  const value = text.slice(start, end);
  return value.includes('"') ? undefined : { value, end };
}

function quotedField(text: string, start: number): Field | undefined {
  let value = '';
  for (let at = start; at < text.length; at++) {
    if (text[at] !== '"') {
      value += text[at];
      continue;
    }
    const next = text[at + 1];
    if (next === undefined || next === ',' || next === '\n') return { value, end: at + 1 };
    if (next !== '"') return undefined;
    value += '"';
    at++;
  }
  return undefined;
}
