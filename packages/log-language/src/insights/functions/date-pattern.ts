// Dates in text: read by the patterns of Java's DateTimeFormatter, written by those of strftime.
import { fromLocal, type TimeZone, utc } from './time-zone.ts';

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  afternoon: boolean | undefined;
  /** Minutes east of UTC, when the text says so. */
  offset: number | undefined;
}

type Field = readonly [pattern: string, set: (parts: Parts, text: string) => void];

/** By the first letter of a run in the pattern. */
const letters: Readonly<Record<string, (length: number) => Field | undefined>> = {
  y: (length) => [
    length === 2 ? '(\\d{2})' : '(\\d{4})',
    (parts, text) => (parts.year = length === 2 ? 2000 + Number(text) : Number(text)),
  ],
  u: (length) => letters['y']?.(length),
  M: (length) =>
    length > 2
      ? named(monthNames, length, (parts, index) => (parts.month = index + 1))
      : numeric(length, (parts, value) => (parts.month = value)),
  d: (length) => numeric(length, (parts, value) => (parts.day = value)),
  H: (length) => numeric(length, (parts, value) => (parts.hour = value)),
  h: (length) => numeric(length, (parts, value) => (parts.hour = value % 12)),
  m: (length) => numeric(length, (parts, value) => (parts.minute = value)),
  s: (length) => numeric(length, (parts, value) => (parts.second = value)),
  S: (length) => [`(\\d{${length}})`, (parts, text) => (parts.ms = Number(text.padEnd(3, '0').slice(0, 3)))],
  a: () => ['([AaPp][Mm])', (parts, text) => (parts.afternoon = /p/i.test(text))],
  E: (length) => named(dayNames, length, () => undefined),
  X: () => offset,
  x: () => offset,
  Z: () => offset,
};

const offset: Field = [
  '(Z|[+-]\\d{2}(?::?\\d{2})?)',
  (parts, text) => {
    const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
    parts.offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  },
];

function numeric(length: number, set: (parts: Parts, value: number) => void): Field {
  return [length === 1 ? '(\\d{1,2})' : `(\\d{${length}})`, (parts, text) => set(parts, Number(text))];
}

function named(names: readonly string[], length: number, set: (parts: Parts, index: number) => void): Field {
  const forms = names.map((name) => (length > 3 ? name : name.slice(0, 3)));
  return [`(${forms.join('|')})`, (parts, text) => set(parts, forms.indexOf(text))];
}

export type DateReader = (text: string, zone: TimeZone) => number | undefined;

/** Reads dates by a Java pattern; undefined when the pattern has letters that are not known. */
export function dateReader(pattern: string): DateReader | undefined {
  const fields: Field[] = [];
  let source = '';
  for (const [part] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']/g)) {
    if (!/^[A-Za-z]/.test(part)) {
      source += escapeRegex(part === "''" ? "'" : part.replace(/^'|'$/g, '').replaceAll("''", "'"));
      continue;
    }
    const field = letters[part.charAt(0)]?.(part.length);
    if (!field) return undefined;
    fields.push(field);
    source += field[0];
  }
  const regex = new RegExp(`^${source}$`);
  return (text, zone) => readDate(regex.exec(text), fields, zone);
}

function readDate(
  match: RegExpExecArray | null,
  fields: readonly Field[],
  zone: TimeZone,
): number | undefined {
  if (!match) return undefined;
  const parts: Parts = {
    year: 1970,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    ms: 0,
    afternoon: undefined,
    offset: undefined,
  };
  for (const [index, [, set]] of fields.entries()) set(parts, match[index + 1] ?? '');
  const hour = parts.hour + (parts.afternoon === true ? 12 : 0);
  const { year, month, day, minute, second, ms } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const date = new Date(local);
  // The calendar would carry a 31st of June over into July.
  if (
    date.getUTCMonth() !== month - 1 ||
    date.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return undefined;
  return parts.offset === undefined ? fromLocal(zone, local) : local - parts.offset * 60_000;
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

type Directive = (local: Date, ms: number, zone: TimeZone) => string | number;

const directives: Readonly<Record<string, Directive>> = {
  Y: (local) => pad(local.getUTCFullYear(), 4),
  y: (local) => pad(local.getUTCFullYear() % 100, 2),
  m: (local) => pad(local.getUTCMonth() + 1, 2),
  d: (local) => pad(local.getUTCDate(), 2),
  e: (local) => String(local.getUTCDate()).padStart(2, ' '),
  H: (local) => pad(local.getUTCHours(), 2),
  I: (local) => pad(local.getUTCHours() % 12 || 12, 2),
  M: (local) => pad(local.getUTCMinutes(), 2),
  S: (local) => pad(local.getUTCSeconds(), 2),
  L: (local) => pad(local.getUTCMilliseconds(), 3),
  f: (local) => `${pad(local.getUTCMilliseconds(), 3)}000`,
  p: (local) => (local.getUTCHours() < 12 ? 'AM' : 'PM'),
  B: (local) => monthNames[local.getUTCMonth()] ?? '',
  b: (local) => monthNames[local.getUTCMonth()]?.slice(0, 3) ?? '',
  A: (local) => dayNames[local.getUTCDay()] ?? '',
  a: (local) => dayNames[local.getUTCDay()]?.slice(0, 3) ?? '',
  u: (local) => local.getUTCDay() || 7,
  w: (local) => local.getUTCDay(),
  j: (local) => pad(Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0)) / 86_400_000) + 1, 3),
  s: (_, ms) => Math.floor(ms / 1000),
  z: (_, ms, zone) => offsetText(zone.offsetMs(ms)),
  Z: (_, __, zone) => zone.name,
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

const shorthands: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
};

export type DateWriter = (ms: number, zone: TimeZone) => string;

/** Writes dates by a strftime pattern; undefined when it has directives that are not known. */
export function dateWriter(pattern: string): DateWriter | undefined {
  const full = pattern.replace(/%([FTRD])/g, (_, letter: string) => shorthands[letter] ?? '');
  const parts: (string | Directive)[] = [];
  for (const [part] of full.matchAll(/%[\s\S]?|[^%]+/g)) {
    const directive = part.startsWith('%') ? directives[part.slice(1)] : part;
    if (directive === undefined) return undefined;
    parts.push(directive);
  }
  return (ms, zone = utc) => {
    const local = new Date(ms + zone.offsetMs(ms));
    return parts.map((part) => (typeof part === 'string' ? part : part(local, ms, zone))).join('');
  };
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  return `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`;
}
