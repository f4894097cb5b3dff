// Metadata and bytes together: one commit decides about both.
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { assert } from '@pergola/kernel';
import type { Reader, Transaction } from '@pergola/store';
import type { PlaneContext } from '../../plane-context.ts';
import { Bodies, type ByteRange, type ReceivedBody, type Slice } from './bodies.ts';
import type { Body, PartRecord } from './object.ts';
import { type Transform, transformFrom } from './sealed-bytes.ts';
import { deleteBlob, deleteFileInUse, findBlob, isFileInUse, putBlob, putFileInUse } from './state.ts';

const opened = new WeakMap<PlaneContext, Bodies>();

/** The body files of a plane. */
export function bodiesOf(plane: PlaneContext): Bodies {
  let bodies = opened.get(plane);
  if (!bodies) {
    const durable = plane.store.durability === 'durable';
    bodies = new Bodies(join(plane.dataDir, 's3', 'objects'), plane.random, durable);
    opened.set(plane, bodies);
  }
  return bodies;
}

/** Removes, in the background, the files that a crash left behind. */
export function startSweep(plane: PlaneContext): void {
  const stop = new AbortController();
  const sweep = bodiesOf(plane)
    .sweep((id) => isFileInUse(plane.store, id), stop.signal)
    .then(
      (swept) => swept > 0 && plane.logger.info({ swept }, 'removed body files that no object points to'),
      (error: unknown) => plane.logger.error({ error }, 'could not sweep the body files'),
    );
  plane.disposal.defer(async () => {
    stop.abort();
    await sweep;
  });
}

/** Marks a body as no longer needed; its bytes go when the transaction is committed. */
export type DropBody = (body: Body) => void;

/**
 * One transaction that may keep a received body and drop old ones. When `work` throws, nothing has changed and
 * the received body is gone.
 */
export async function commit<T>(
  plane: PlaneContext,
  work: (tx: Transaction, drop: DropBody) => T,
  received?: ReceivedBody,
): Promise<T> {
  const bodies = bodiesOf(plane);
  const dropped: string[] = [];
  const { value } = await plane.store
    .transact((tx) => {
      if (received) keepBody(tx, received);
      return work(tx, (body) => dropped.push(...dropBody(tx, body)));
    })
    .catch(async (error: unknown) => {
      if (received) await bodies.discard(received);
      throw error;
    });
  if (received) bodies.settle(received);
  await bodies.remove(dropped);
  return value;
}

function keepBody(tx: Transaction, { body, bytes }: ReceivedBody): void {
  if (body.in === 'file') putFileInUse(tx, body.id);
  else if (body.in === 'blob' && bytes) putBlob(tx, body.id, bytes);
}

/** Returns the files to remove after the commit. */
function dropBody(tx: Transaction, body: Body): string[] {
  switch (body.in) {
    case 'nothing':
      return [];
    case 'file':
      deleteFileInUse(tx, body.id);
      return [body.id];
    case 'blob':
      deleteBlob(tx, body.id);
      return [];
    case 'parts': {
      const parts = partsIn(tx, body.id);
      deleteBlob(tx, body.id);
      return parts.flatMap((part) => dropBody(tx, part.body));
    }
  }
}

/** The parts of a multipart object, in the order of their bytes. */
export function partsIn(reader: Reader, id: string): PartRecord[] {
  const blob = findBlob(reader, id);
  assert(blob, `the parts ${id} are in the store`);
  return JSON.parse(blob.toString()) as PartRecord[];
}

/** Keeps the list of parts of a multipart object. */
export function putParts(tx: Transaction, id: string, parts: readonly PartRecord[]): void {
  putBlob(tx, id, Buffer.from(JSON.stringify(parts)));
}

/** The bytes of `range`: whole when they are in the store, else a stream. The reads of metadata happen at once. */
export function openBody(
  plane: PlaneContext,
  { body, key }: OpenableBody,
  range: ByteRange,
): Promise<Readable> | Readable | Buffer {
  switch (body.in) {
    case 'nothing':
      return Buffer.alloc(0);
    case 'blob':
      return blobSlice(plane.store, { body, key }, range);
    case 'file':
      if (body.nonce === undefined) return bodiesOf(plane).openFile(body.id, range);
      return bodiesOf(plane).joinSlices([{ file: body.id, range, open: opening(body, key, range) }]);
    case 'parts':
      return bodiesOf(plane).joinSlices(slicesOf(plane.store, partsIn(plane.store, body.id), range, key));
  }
}

/** A body, and the data key if it is encrypted with one. */
export interface OpenableBody<B = Body> {
  readonly body: B;
  readonly key?: Buffer | undefined;
}

type KeptBody = Extract<Body, { readonly in: 'blob' | 'file' }>;

/** Decrypts the bytes of a body from the start of `range` on; undefined when they are plain. */
function opening(
  { id, nonce }: KeptBody,
  key: Buffer | undefined,
  { start }: ByteRange,
): Transform | undefined {
  if (nonce === undefined) return undefined;
  assert(key, `the body ${id} is opened with its data key`);
  return transformFrom(key, nonce, start);
}

function blobSlice(reader: Reader, { body, key }: OpenableBody<KeptBody>, range: ByteRange): Buffer {
  const blob = findBlob(reader, body.id);
  assert(blob, `the body ${body.id} is in the store`);
  const slice = blob.subarray(range.start, range.end + 1);
  return opening(body, key, range)?.(slice) ?? slice;
}

/** Which stretch of which part makes up `range` of the whole. */
function slicesOf(
  reader: Reader,
  parts: readonly PartRecord[],
  range: ByteRange,
  key: Buffer | undefined,
): Slice[] {
  const slices: Slice[] = [];
  let offset = 0;
  for (const { body, sizeBytes } of parts) {
    const within = {
      start: Math.max(0, range.start - offset),
      end: Math.min(sizeBytes, range.end + 1 - offset) - 1,
    };
    offset += sizeBytes;
    if (body.in === 'nothing' || within.start > within.end) continue;
    slices.push(
      body.in === 'file'
        ? { file: body.id, range: within, open: opening(body, key, within) }
        : { bytes: blobSlice(reader, { body, key }, within) },
    );
  }
  return slices;
}
