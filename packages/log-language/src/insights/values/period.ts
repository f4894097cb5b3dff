// Spans of time as bin, datefloor and dateceil take them: `5m`, `1 hour`, `300s`.
import { numberIn } from './value.ts';

export type Unit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w' | 'mo' | 'q' | 'y';

export interface Period {
  readonly amount: number;
  readonly unit: Unit;
}

const names: Readonly<Record<Unit, readonly string[]>> = {
  ms: ['millisecond', 'ms', 'msec'],
  s: ['second', 's', 'sec'],
  m: ['minute', 'm', 'min'],
  h: ['hour', 'h', 'hr'],
  d: ['day', 'd'],
  w: ['week', 'w'],
  mo: ['month', 'mo', 'mon'],
  q: ['quarter', 'q', 'qtr'],
  y: ['year', 'y', 'yr'],
};

const units: ReadonlyMap<string, Unit> = new Map(
  Object.entries(names).flatMap(([unit, words]) =>
    words.flatMap((word) => {
      const plural: [string, Unit][] = word.length > 1 ? [[`${word}s`, unit as Unit]] : [];
      return [[word, unit as Unit] as [string, Unit], ...plural];
    }),
  ),
);

/** What AWS makes of more: `bin(300s)` is `bin(60s)`. */
const caps: Readonly<Partial<Record<Unit, number>>> = { ms: 1000, s: 60, m: 60, h: 24 };

const secondMs = 1000;
const dayMs = 86_400 * secondMs;

/** Milliseconds of the units that are always equally long. */
const lengths: Readonly<Partial<Record<Unit, number>>> = {
  ms: 1,
  s: secondMs,
  m: 60 * secondMs,
  h: 3600 * secondMs,
  d: dayMs,
  w: 7 * dayMs,
};

const months: Readonly<Partial<Record<Unit, number>>> = { mo: 1, q: 3, y: 12 };

/** 1970-01-05, a Monday: where weeks begin. */
const mondayMs = 4 * dayMs;

/** `5m` as a period; undefined when it is none. */
export function parsePeriod(text: string): Period | undefined {
  const [, digits = '', word = ''] = /^([\d.]+)([A-Za-z]+)$/.exec(text) ?? [];
  const amount = numberIn(digits);
  const unit = units.get(word.toLowerCase());
  if (amount === undefined || unit === undefined || !Number.isSafeInteger(amount) || amount < 1)
    return undefined;
  return { amount: Math.min(amount, caps[unit] ?? amount), unit };
}

/** The beginning of the period in which `ms` lies. Calendar and weeks are those of UTC; weeks begin on Monday. */
export function floorTo({ amount, unit }: Period, ms: number): number {
  const length = lengths[unit];
  if (length === undefined) return floorMonths(amount * (months[unit] ?? 1), ms);
  const span = amount * length;
  const origin = unit === 'w' ? mondayMs : 0;
  return Math.floor((ms - origin) / span) * span + origin;
}

/** The first beginning of a period at or after `ms`. */
export function ceilTo(period: Period, ms: number): number {
  const floor = floorTo(period, ms);
  return floor === ms ? ms : nextAfter(period, floor);
}

/** The beginning of the period after the one that begins at `floorMs`. */
export function nextAfter({ amount, unit }: Period, floorMs: number): number {
  const length = lengths[unit];
  if (length !== undefined) return floorMs + amount * length;
  const date = new Date(floorMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + amount * (months[unit] ?? 1));
}

function floorMonths(span: number, ms: number): number {
  const date = new Date(ms);
  const month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  return Date.UTC(1970, Math.floor(month / span) * span);
}
