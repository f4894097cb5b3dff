// What scan workers find, as bytes: the main thread passes them on and does not look into them. Objects would be copied
// one by one each time that they go from thread to thread, and everybody else would wait for that.
import { deserialize, serialize } from 'node:v8';
import type { QueryPartial, QueryRows } from '@pergola/log-language';

/** Bytes that have their memory for themselves, so that they can be handed over to another thread. */
type Handed = Uint8Array<ArrayBuffer>;

/** A partial state for one other thread. */
export type PackedPartial = Handed;

/** Rows for those who may ask for them. */
export interface PackedRows {
  readonly json: Handed;
  readonly recordsMatched: number;
}

export function packPartial(partial: QueryPartial): PackedPartial {
  return new Uint8Array(serialize(partial));
}

export function unpackPartial(packed: PackedPartial): QueryPartial {
  return deserialize(packed) as QueryPartial;
}

export function packRows({ rows, recordsMatched }: QueryRows): PackedRows {
  return { json: new Uint8Array(Buffer.from(JSON.stringify(rows))), recordsMatched };
}

/** The rows are read when somebody asks for them, which of most intermediate results nobody does. */
export function unpackRows({ json, recordsMatched }: PackedRows): QueryRows {
  let packed: Handed | undefined = json;
  let rows: QueryRows['rows'] = [];
  return {
    recordsMatched,
    get rows() {
      if (packed) rows = JSON.parse(Buffer.from(packed.buffer).toString()) as QueryRows['rows'];
      packed = undefined;
      return rows;
    },
  };
}
