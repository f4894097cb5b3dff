// Instants as people write them: `15m` ago, or a date.
import { InvalidArgumentError, Option } from 'commander';

const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** An instant relative to now, or absolute. */
export type TimeText = { readonly agoMs: number } | { readonly atMs: number };

/** Reads `90s`, `15m`, `2h`, `7d`, `1w`, `now`, or an RFC 3339 date. Throws commander's InvalidArgumentError. */
export function parseTimeText(text: string): TimeText {
  if (text === 'now') return { agoMs: 0 };
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  if (amount !== undefined) return { agoMs: Math.round(Number(amount) * (unitsMs[unit] ?? 0)) };
  const atMs = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(atMs)) return { atMs };
  throw new InvalidArgumentError('a time is 90s, 15m, 2h, 7d or a date like 2026-11-27T09:30:00Z');
}

/** An option that takes a time; `byDefault` is one as a person would write it. */
export function timeOption(flags: string, description: string, byDefault: string): Option {
  return new Option(flags, description).argParser(parseTimeText).default(parseTimeText(byDefault), byDefault);
}

export function instantOf(time: TimeText, nowMs: number): number {
  return 'agoMs' in time ? nowMs - time.agoMs : time.atMs;
}
