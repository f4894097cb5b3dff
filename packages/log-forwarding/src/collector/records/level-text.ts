// The text of a level as it stands in a request. Nearly all lines have one of a few.
import { escapeOnce } from './json-escape.ts';
import { levels } from './level-words.ts';

export interface LevelText {
  readonly bytes: Buffer;
  /** Bytes in the record itself. */
  readonly recordBytes: number;
}

const usual = new Map([...levels, 'default', 'warning', 'fatal'].map((level) => [level, make(level)]));

export function levelText(level: string): LevelText {
  return usual.get(level) ?? make(level);
}

function make(level: string): LevelText {
  const once = escapeOnce(level);
  return { bytes: Buffer.from(escapeOnce(once)), recordBytes: Buffer.byteLength(once) };
}
