// Draws the rows of a query with characters: bars over time or over names, and a small line for each of several series.
import { type ChartData, readChart, type Series } from '../logs/chart-data.ts';
import type { QueryRow } from '../logs/logs-api.ts';
import { printable, shortenFront } from './printable.ts';
import type { Terminal } from './terminal.ts';

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const heights = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const barRowsMax = 60;
const seriesMax = 30;

type Screen = Pick<Terminal, 'columns' | 'paint'>;

/** The chart; undefined when the rows hold no number to draw. */
export function renderChart(screen: Screen, rows: readonly QueryRow[]): string | undefined {
  const data = readChart(rows);
  if (data === undefined) return undefined;
  const lines =
    data.series.length === 1 && data.marks.length <= barRowsMax
      ? renderBars(screen, data)
      : renderSparklines(screen, data);
  return lines.join('\n');
}

/** One bar for each mark: `09:15  ████▌ 12`. */
function renderBars(screen: Screen, { marks, series }: ChartData): string[] {
  const [only] = series;
  if (only === undefined) return [];
  const labels = shortTimes(marks).map((mark) => shortenFront(mark, screen.columns >> 1));
  const labelWidth = Math.max(...labels.map(({ length }) => length));
  const figures = only.values.map(figure);
  const figureWidth = Math.max(...figures.map(({ length }) => length));
  const width = Math.max(8, screen.columns - labelWidth - figureWidth - 4);
  const peak = Math.max(...only.values, 0);
  const head = screen.paint('dim', printable(only.name));
  const lines = only.values.map((value, index) => {
    const bar = screen.paint('cyan', barOf(value, peak, width));
    return `${(labels[index] ?? '').padEnd(labelWidth)}  ${bar} ${figures[index]}`;
  });
  return [head, ...lines];
}

function barOf(value: number, peak: number, width: number): string {
  if (peak <= 0 || value <= 0) return '';
  const steps = Math.max(1, Math.round((value / peak) * width * 8));
  return '█'.repeat(steps >> 3) + eighths[steps & 7];
}

/** One line of heights for each series, all on one scale, so that they can be compared. */
function renderSparklines(screen: Screen, { marks, series }: ChartData): string[] {
  const shown = series.slice(0, seriesMax);
  const names = shown.map(({ name }) => shortenFront(name, screen.columns >> 1));
  const nameWidth = Math.max(...names.map(({ length }) => length));
  const totals = shown.map(({ values }) => ` max ${figure(Math.max(...values))}`);
  const totalWidth = Math.max(...totals.map(({ length }) => length));
  const width = Math.max(8, screen.columns - nameWidth - totalWidth - 4);
  const squeezed = shown.map(({ values }) => squeeze(values, width));
  const peak = Math.max(...squeezed.flat(), 0);
  const lines = squeezed.map((values, index) => {
    const line = values.map((value) => heights[heightOf(value, peak)]).join('');
    return `${(names[index] ?? '').padEnd(nameWidth)}  ${screen.paint('cyan', line)} ${totals[index]}`;
  });
  const left = series.length - shown.length;
  return [
    ...lines,
    screen.paint(
      'dim',
      `${' '.repeat(nameWidth)}  ${printable(marks[0] ?? '')} … ${printable(marks.at(-1) ?? '')}`,
    ),
    ...(left > 0 ? [screen.paint('dim', `and ${left} more`)] : []),
  ];
}

/** Something that happened must be seen: only nothing has no height. */
function heightOf(value: number, peak: number): number {
  if (peak <= 0 || value <= 0) return 0;
  return Math.max(1, Math.round((value / peak) * (heights.length - 1)));
}

/** At most `width` values: neighbours are drawn as the largest of them, so that no peak is lost. */
function squeeze(values: Series['values'], width: number): number[] {
  const each = Math.ceil(values.length / width);
  if (each <= 1) return [...values];
  return Array.from({ length: Math.ceil(values.length / each) }, (_, index) =>
    Math.max(...values.slice(index * each, (index + 1) * each)),
  );
}

/** Times of one day lose their date, whole minutes their seconds. */
function shortTimes(marks: readonly string[]): string[] {
  const parts = marks.map((mark) => /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})(:\d{2})\.\d{3}$/.exec(mark));
  if (parts.some((part) => part === null)) return marks.map(printable);
  const days = new Set(parts.map((part) => part?.[1]));
  const wholeMinutes = parts.every((part) => part?.[3] === ':00');
  return parts.map((part) => {
    const [, day = '', minute = '', second = ''] = part ?? [];
    return `${days.size > 1 ? `${day} ` : ''}${minute}${wholeMinutes ? '' : second}`;
  });
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}
