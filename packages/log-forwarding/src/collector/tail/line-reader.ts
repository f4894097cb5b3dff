// What a tail needs of a format: lines out of bytes.
import type { Line } from './line.ts';

export interface LineReader {
  /**
   * Reads the whole lines in `chunk`, which stands at `position` in the tail, and emits those that end beyond
   * `skipTo`. `complete`: its last line counts as whole though no newline follows. Returns the bytes read.
   */
  feed(chunk: Buffer, place: ChunkPlace): number;
  /** From where to read again, given that everything before `position` was read. */
  resumeFrom(position: number): number;
  /** Emits lines whose rest has not come since `beforeMs`, as if they were whole. */
  flush(beforeMs: number, position: number): void;
}

export interface ChunkPlace {
  readonly position: number;
  readonly skipTo: number;
  readonly complete: boolean;
  readonly nowMs: number;
}

export type EmitLine = (line: Line) => void;
