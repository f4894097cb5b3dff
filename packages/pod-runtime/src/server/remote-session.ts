// What exec and attach need of a client, whichever protocol carries it.
import type { Readable, Writable } from 'node:stream';
import type { StreamStatus } from './status.ts';

/** The streams that the client asked for. */
export interface StreamWishes {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface RemoteSession {
  readonly stdin: Readable | undefined;
  readonly stdout: Writable | undefined;
  readonly stderr: Writable | undefined;
  /** Each size of the client's terminal, the first included. */
  onResize(listener: (columns: number, rows: number) => void): void;
  /** Sends the outcome and closes. */
  finish(status: StreamStatus): Promise<void>;
  /** Resolves when the client is gone. */
  readonly closed: Promise<void>;
}

/** Parses `{"Width":80,"Height":24}`; undefined for anything else. */
export function parseSize(text: string): { columns: number; rows: number } | undefined {
  const match = /^\s*\{\s*"Width"\s*:\s*(\d{1,5})\s*,\s*"Height"\s*:\s*(\d{1,5})\s*\}/.exec(text);
  return match ? { columns: Number(match[1]), rows: Number(match[2]) } : undefined;
}
