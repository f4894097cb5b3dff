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
  const widest = terminal.interactive ? Math.max(20, terminal.columns - 24 * (fields.length - 1)) : 100_000;
  const cells = rows.map((row) => fields.map((field) => shorten(row.get(field) ?? '', widest)));
  return renderTable([fields.map(printable), ...cells]);
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
