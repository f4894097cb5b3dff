// Where everything that people read is printed: colours only on a terminal, errors to standard error.
import { styleText } from 'node:util';
import type { Paint } from '@pergola/explain';
import type { Env } from '@pergola/kernel';
import { CliError } from '../cli-error.ts';

/** Colours and weights that commands use. */
export type Style = Parameters<Paint>[0] | 'blue' | 'cyan' | 'magenta';

/** What commands print with. */
export interface Terminal {
  readonly interactive: boolean;
  /** Width in characters; 80 where it cannot be known. */
  readonly columns: number;
  readonly paint: (style: Style, text: string) => string;
  print(text?: string): void;
  /** Text as it is, without a line end. */
  write(text: string): void;
  /** To standard error: progress and warnings, so that standard output stays for programs. */
  note(text: string): void;
  /** A line that the next one replaces, on a terminal only; without `text` the line is cleared. */
  progress(text?: string): void;
  json(value: unknown): void;
}

/** https://no-color.org: any non-empty NO_COLOR turns colours off. */
export function createTerminal(env: Env): Terminal {
  const interactive = process.stdout.isTTY;
  const coloured = interactive && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return {
    interactive,
    get columns() {
      return process.stdout.columns || 80;
    },
    paint: (style, text) => (coloured ? styleText(style, text) : text),
    print: (text = '') => process.stdout.write(`${text}\n`),
    write: (text) => void process.stdout.write(text),
    note: (text) => process.stderr.write(`${text}\n`),
    progress: (text = '') => {
      if (interactive) process.stdout.write(`\r\u001b[2K${text}`);
    },
    json: (value) => process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`),
  };
}

/** Prints an error as a person needs it, and returns the exit code. */
export function reportError(terminal: Terminal, error: unknown): number {
  if (!(error instanceof CliError)) {
    terminal.note(
      `${terminal.paint('red', 'error:')} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return 1;
  }
  const { what, details, fix, command } = error.parts;
  terminal.note(`${terminal.paint('red', 'error:')} ${what}`);
  if (details) terminal.note(`  ${details}`);
  if (fix) terminal.note(`  ${terminal.paint('bold', 'fix:')} ${fix}`);
  if (command) terminal.note(`    ${command}`);
  return error.exitCode;
}

/** Left-aligned columns, two spaces apart, as kubectl prints them. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
