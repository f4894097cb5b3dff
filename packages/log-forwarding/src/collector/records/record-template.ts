// A container's record with everything that does not change already written: per line only the time, the level, the
// message and the sequence are filled in.
import { systemRandom } from '@pergola/kernel';
import { escapeOnce } from './json-escape.ts';

/** What a slot stands for. */
export const slots = { time: 0, level: 1, message: 2, sequence: 3 } as const;

export type Slot = (typeof slots)[keyof typeof slots];

/** Text that cannot stand in any record by chance marks where the slots are. */
const nonce = systemRandom.text(24, 'abcdefghijklmnopqrstuvwxyz');
const markers = Object.keys(slots).map((name) => `${nonce}-${name}`);

/** Stand for the values that each line brings, while a record is built. */
export const placeholders = {
  time: markers[slots.time] as string,
  level: markers[slots.level] as string,
  message: markers[slots.message] as string,
  sequence: markers[slots.sequence] as string,
} as const;

export interface RecordTemplate {
  /** The parts before, between and after the slots, escaped as they stand in the request. One more than slots. */
  readonly parts: readonly Buffer[];
  readonly slots: readonly Slot[];
  /** Bytes of all parts in the record itself, as CloudWatch counts them. */
  readonly recordBytes: number;
  /** Bytes of all parts as they are written. */
  readonly writtenBytes: number;
}

const marked = new RegExp(`${nonce}-(?:time|level|message)|"${nonce}-sequence"`);

/** The template of a record that holds placeholders. */
export function templateOf(record: object): RecordTemplate {
  let rest = JSON.stringify(record);
  const texts: string[] = [];
  const found: Slot[] = [];
  for (let match = marked.exec(rest); match; match = marked.exec(rest)) {
    texts.push(rest.slice(0, match.index));
    const name = match[0].replaceAll('"', '').slice(nonce.length + 1) as keyof typeof slots;
    found.push(slots[name]);
    rest = rest.slice(match.index + match[0].length);
  }
  texts.push(rest);
  const parts = texts.map((text) => Buffer.from(escapeOnce(text)));
  return {
    parts,
    slots: found,
    recordBytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    writtenBytes: parts.reduce((sum, part) => sum + part.length, 0),
  };
}
