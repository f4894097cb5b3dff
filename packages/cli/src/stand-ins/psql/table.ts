// Results as psql prints them: aligned in a table, or fields with a separator between.
import type { CommandLine } from './command-line.ts';

export interface Column {
  readonly name: string;
  /** The number of its type in pg_type. */
  readonly type: number;
}

export type Row = readonly (string | null)[];

/** Numbers stand on the right: int8, int2, int4, oid, xid, cid, float4, float8, money, numeric, xid8. */
const rightAligned = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700, 5069]);

export function printTable(
  columns: readonly Column[],
  rows: readonly Row[],
  format: CommandLine['format'],
): string {
  const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`;
  if (!format.aligned) {
    const lines = rows.map((row) => row.map((value) => value ?? '').join(format.separator));
    if (format.tuplesOnly) return lines.map((line) => `${line}\n`).join('');
    const head = columns.map(({ name }) => name).join(format.separator);
    return [head, ...lines, count].map((line) => `${line}\n`).join('');
  }
  const cells = rows.map((row) => row.map((value) => (value ?? '').split('\n')));
  const widths = columns.map(({ name }, index) =>
    Math.max(
      format.tuplesOnly ? 0 : name.length,
      ...cells.flatMap((row) => (row[index] ?? []).map((line) => line.length)),
    ),
  );
  const body = cells.flatMap((row) => printRow(row, columns, widths));
  if (format.tuplesOnly) return `${body.map((line) => `${line}\n`).join('')}\n`;
  const head = columns.map(({ name }, index) => ` ${centred(name, widths[index] ?? 0)} `).join('|');
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  return `${[head, rule, ...body, count].map((line) => `${line}\n`).join('')}\n`;
}

/** A row takes as many lines as its highest cell; a plus says that the cell goes on. */
function printRow(
  row: readonly (readonly string[])[],
  columns: readonly Column[],
  widths: readonly number[],
): string[] {
  const height = Math.max(1, ...row.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const fields = row.map((lines, index) =>
      printField(lines, line, {
        width: widths[index] ?? 0,
        isRight: rightAligned.has(columns[index]?.type ?? 0),
        isLast: index === row.length - 1,
      }),
    );
    return fields.join('|');
  });
}

/** The end of a row is not filled up with spaces. */
function printField(
  lines: readonly string[],
  line: number,
  column: { readonly width: number; readonly isRight: boolean; readonly isLast: boolean },
): string {
  const { width, isRight, isLast } = column;
  if (isLast && line >= lines.length) return ' ';
  const text = lines[line] ?? '';
  const goesOn = line < lines.length - 1;
  const filled = isRight ? text.padStart(width) : isLast && !goesOn ? text : text.padEnd(width);
  return ` ${filled}${goesOn ? '+' : isLast ? '' : ' '}`;
}

function centred(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return text.padStart(text.length + left).padEnd(width);
}
