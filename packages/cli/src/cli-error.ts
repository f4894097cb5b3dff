// An error that a person at the command line meets: what happened, details, how to fix it, the exact command.

/** Exit codes. Stable: scripts may rely on them. */
export const exitCodes = {
  ok: 0,
  /** A proof did not hold, or the command could not do its work. */
  failed: 1,
  /** The command line could not be understood. */
  usage: 2,
  /** No sandbox runs on the data folder. */
  notRunning: 3,
  /** The data folder or a port is taken. */
  busy: 4,
  /** What was asked for does not exist. */
  notFound: 5,
} as const;

export interface CliErrorParts {
  readonly what: string;
  readonly details?: string | undefined;
  readonly fix?: string | undefined;
  /** A command to copy. */
  readonly command?: string | undefined;
  readonly exitCode?: number;
}

export class CliError extends Error {
  override readonly name = 'CliError';
  readonly parts: CliErrorParts;

  constructor(parts: CliErrorParts) {
    super(parts.what);
    this.parts = parts;
  }

  get exitCode(): number {
    return this.parts.exitCode ?? exitCodes.failed;
  }
}
