// From the rows of a query to something that can be drawn: marks along one axis, and a value of each series at each.
import type { QueryRow } from './logs-api.ts';

export interface ChartData {
  /** Times in order and without holes, or names in the order of the rows. */
  readonly marks: readonly string[];
  readonly series: readonly Series[];
}

export interface Series {
  readonly name: string;
  /** One for each mark; 0 where there was no row. */
  readonly values: readonly number[];
}

/** How Logs Insights writes the start of a bin. */
const timePattern = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/;
const marksMax = 2_000;

/** Undefined when no field of the rows is a number throughout. */
export function readChart(rows: readonly QueryRow[]): ChartData | undefined {
  const fields = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const present = (field: string) => rows.flatMap((row) => row.get(field) ?? []);
  const timeField = fields.find((field) => present(field).every((value) => timePattern.test(value)));
  const numbers = fields.filter((field) => field !== timeField && present(field).every(isNumber));
  const names = fields.filter((field) => field !== timeField && !numbers.includes(field));
  if (numbers.length === 0) return undefined;
  const nameOf = (row: QueryRow) => {
    const name = names.map((field) => row.get(field) ?? '').join(' ');
    return names.length > 0 && name.trim() === '' ? '(none)' : name;
  };
  if (timeField === undefined) return overNames(rows, numbers, nameOf);
  return overTime(rows, { timeField, numbers, nameOf });
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function overNames(
  rows: readonly QueryRow[],
  numbers: readonly string[],
  nameOf: (row: QueryRow) => string,
): ChartData {
  const shown = rows.slice(0, marksMax);
  return {
    marks: shown.map(nameOf),
    series: numbers.map((field) => ({
      name: field,
      values: shown.map((row) => Number(row.get(field) ?? 0)),
    })),
  };
}

interface TimeAxis {
  readonly timeField: string;
  readonly numbers: readonly string[];
  readonly nameOf: (row: QueryRow) => string;
}

function overTime(rows: readonly QueryRow[], { timeField, numbers, nameOf }: TimeAxis): ChartData {
  const timed = rows.filter((row) => row.has(timeField));
  const marks = withoutHoles([...new Set(timed.map((row) => row.get(timeField) ?? ''))].sort());
  const places = new Map(marks.map((mark, index) => [mark, index]));
  const series = new Map<string, number[]>();
  for (const row of timed) {
    const place = places.get(row.get(timeField) ?? '');
    if (place === undefined) continue;
    for (const field of numbers) {
      const name = [nameOf(row), ...(numbers.length > 1 || nameOf(row) === '' ? [field] : [])]
        .filter(Boolean)
        .join(' ');
      const values = series.get(name) ?? Array.from({ length: marks.length }, () => 0);
      values[place] = (values[place] ?? 0) + Number(row.get(field) ?? 0);
      series.set(name, values);
    }
  }
  return { marks, series: [...series].map(([name, values]) => ({ name, values })) };
}

/** A bin without events has no row: the marks between are put in, at the smallest distance that occurs. */
function withoutHoles(marks: readonly string[]): string[] {
  const times = marks.map((mark) => Date.parse(`${mark.replace(' ', 'T')}Z`));
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  if (gaps.length === 0) return [...marks];
  const step = Math.min(...gaps);
  const [first = 0] = times;
  const count = ((times.at(-1) ?? 0) - first) / step + 1;
  // Months and the like are not evenly spaced: they stay as they are.
  if (!Number.isInteger(count) || count > marksMax || gaps.some((gap) => gap % step !== 0)) return [...marks];
  return Array.from({ length: count }, (_, index) =>
    new Date(first + index * step).toISOString().replace('T', ' ').slice(0, -1),
  );
}
