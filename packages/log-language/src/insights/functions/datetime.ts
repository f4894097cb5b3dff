// Functions on time.
import { QueryFailure } from '../syntax/token.ts';
import { ceilTo, floorTo, parsePeriod, type Period } from '../values/period.ts';
import { instant, type Instant, toNumber, toText, type Value } from '../values/value.ts';
import { dateReader, dateWriter } from './date-pattern.ts';
import { type Argument, argumentAt, type Evaluate, type LanguageFunction, unary } from './function.ts';
import { type TimeZone, timeZone, utc } from './time-zone.ts';

/** What the calendar of JavaScript holds. */
const instantMax = 8.64e15;

export const datetimeFunctions: Readonly<Record<string, LanguageFunction>> = {
  datefloor: { least: 2, most: 2, compile: (given) => rounded(given, floorTo) },
  dateceil: { least: 2, most: 2, compile: (given) => rounded(given, ceilTo) },
  frommillis: unary((value) => {
    const ms = toNumber(value);
    return ms === undefined || Math.abs(ms) > instantMax ? undefined : instant(Math.trunc(ms));
  }),
  tomillis: unary((value) =>
    typeof value === 'object' && value.kind === 'instant' ? value.ms : toNumber(value),
  ),
  now: { least: 0, most: 0, compile: (_, { nowMs }) => constantly(Math.floor(nowMs / 1000)) },
  querystarttime: { least: 0, most: 0, compile: (_, { startMs }) => constantly(startMs) },
  queryendtime: { least: 0, most: 0, compile: (_, { endMs }) => constantly(endMs) },
  querytimerange: { least: 0, most: 0, compile: (_, { startMs, endMs }) => constantly(endMs - startMs) },
  parsedate: { least: 2, most: 3, compile: parseDate },
  formatdate: { least: 2, most: 3, compile: formatDate },
  strftime: { least: 2, most: 3, compile: formatDate },
};

function constantly(value: Value): Evaluate {
  return () => value;
}

/** The period that an argument spells. */
export function periodOf({ node }: Pick<Argument, 'node'>): Period {
  const period = node.kind === 'period' ? parsePeriod(node.text) : undefined;
  if (!period) throw new QueryFailure('a period such as 5m is expected', node);
  return period;
}

function rounded(given: readonly Argument[], round: (period: Period, ms: number) => number): Evaluate {
  const { evaluate } = argumentAt(given, 0);
  const period = periodOf(argumentAt(given, 1));
  const remembered = rememberLast((ms) => round(period, ms));
  return (row) => {
    const ms = toNumber(evaluate(row));
    return ms === undefined || Math.abs(ms) > instantMax ? undefined : remembered(ms);
  };
}

/** Events come in bursts of equal results: one object serves them all. */
export function rememberLast(round: (ms: number) => number): (ms: number) => Instant {
  let last = instant(Number.NaN);
  return (ms) => {
    const result = round(ms);
    if (result !== last.ms) last = instant(result);
    return last;
  };
}

function zoneOf(argument: Argument): Evaluate | TimeZone {
  const { constant, evaluate, node } = argument;
  if (typeof constant !== 'string') return evaluate;
  const zone = timeZone(constant);
  if (!zone) throw new QueryFailure(`there is no time zone ${constant}`, node);
  return zone;
}

function patternOf(argument: Argument): string {
  if (typeof argument.constant === 'string') return argument.constant;
  throw new QueryFailure('the pattern of a date must be written in the query', argument.node);
}

function parseDate(given: readonly Argument[]): Evaluate {
  const { evaluate } = argumentAt(given, 0);
  const pattern = argumentAt(given, 1);
  const read = dateReader(patternOf(pattern));
  if (!read) throw new QueryFailure('the pattern has letters that are not supported', pattern.node);
  const zone = given.length > 2 ? zoneOf(argumentAt(given, 2)) : utc;
  return (row) => {
    const text = toText(evaluate(row));
    const found = typeof zone === 'function' ? timeZone(toText(zone(row)) ?? '') : zone;
    return text === undefined || !found ? undefined : read(text, found);
  };
}

function formatDate(given: readonly Argument[]): Evaluate {
  const { evaluate } = argumentAt(given, 0);
  const pattern = argumentAt(given, 1);
  const write = dateWriter(patternOf(pattern));
  if (!write) throw new QueryFailure('the pattern has directives that are not supported', pattern.node);
  const zone = given.length > 2 ? zoneOf(argumentAt(given, 2)) : utc;
  return (row) => {
    const ms = toNumber(evaluate(row));
    const found = typeof zone === 'function' ? timeZone(toText(zone(row)) ?? '') : zone;
    return ms === undefined || Math.abs(ms) > instantMax || !found ? undefined : write(ms, found);
  };
}
