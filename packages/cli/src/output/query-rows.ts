// Prints the rows of a query: a table for people, JSON or CSV for programs.
import type { QueryRow } from '../logs/logs-api.ts';
import { printable, shorten } from './printable.ts';
import { renderTable, type Terminal } from './terminal.ts';

/** Every field of the rows, in the order in which it first appears. */
export function fieldsOf(rows: readonly QueryRow[]): string[] {
  return [...new Set(rows.flatMap((row) => [...row.keys()]))];
}

/** A table. On a terminal long values are cut so that a row stays a line. */
export function renderRows(
  terminal: Pick<Terminal, 'interactive' | 'columns'>,
  rows: readonly QueryRow[],
): string {
  const fields = fieldsOf(rows);
  const natural = fields.map((field) =>
    Math.max(field.length, ...rows.map((row) => row.get(field)?.length ?? 0)),
  );
  const widths = terminal.interactive ? shareOut(natural, terminal.columns - 2 * (fields.length - 1)) : [];
  const cells = rows.map((row) =>
    fields.map((field, index) => shorten(row.get(field) ?? '', widths[index] ?? Number.POSITIVE_INFINITY)),
  );
  return renderTable([fields.map(printable), ...cells]);
}

/** Widths that together fit into `columns`: narrow columns keep theirs, and the wide ones share what is left. */
function shareOut(natural: readonly number[], columns: number): number[] {
  const widths = [...natural];
  const narrowFirst = natural.map((width, index) => ({ width, index })).toSorted((a, b) => a.width - b.width);
  let left = columns;
  narrowFirst.forEach(({ width, index }, at) => {
    const share = Math.max(8, Math.floor(left / (natural.length - at)));
    widths[index] = Math.min(width, share);
    left -= widths[index];
  });
  return widths;
}

/** RFC 4180: a head line, CRLF, quotes where they are needed. */
export function renderCsv(rows: readonly QueryRow[]): string {
  const fields = fieldsOf(rows);
  const lines = [fields, ...rows.map((row) => fields.map((field) => row.get(field) ?? ''))];
  return lines.map((line) => `${line.map(quote).join(',')}\r\n`).join('');
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
