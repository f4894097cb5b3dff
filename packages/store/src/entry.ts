// What the store holds: text values under ordered keys, each with the revisions that made it.

/** A stored value. `revision` is the one of its last write, `createRevision` the one of its first. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly revision: number;
  readonly createRevision: number;
}

/** One committed change. `previous` is the value before it; `value` is absent for a deletion. */
export interface Change {
  readonly key: string;
  readonly revision: number;
  readonly entry: Entry | undefined;
  readonly previous: Entry | undefined;
}

/** `createRevision,revision,` before the text: two short numbers are cheaper than a second key. */
export function encodeEntry(entry: Entry): string {
  return `${entry.createRevision},${entry.revision},${entry.value}`;
}

export function decodeEntry(key: string, stored: string): Entry {
  const first = stored.indexOf(',');
  const second = stored.indexOf(',', first + 1);
  return {
    key,
    createRevision: Number(stored.slice(0, first)),
    revision: Number(stored.slice(first + 1, second)),
    value: stored.slice(second + 1),
  };
}
