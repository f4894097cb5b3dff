// A command as a value: one file each under commands/, one line each in commands/index.ts.
import type { Env } from '@pergola/kernel';
import type { Command as CommanderCommand } from 'commander';
import type { Terminal } from './output/terminal.ts';

/** What every command is given. */
export interface CliContext {
  readonly env: Env;
  readonly terminal: Terminal;
  /** Absolute path of the folder that holds `dist/` and `bin/`. */
  readonly home: string;
}

export interface Command {
  /** `up`, or `webhook serve` for a command of two words. */
  readonly path: string;
  readonly summary: string;
  /** Adds arguments and options. */
  readonly configure?: (command: CommanderCommand) => void;
  /** `options` are commander's, camelCase. Returns the exit code. */
  readonly run: (
    context: CliContext,
    args: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ) => Promise<number>;
}
