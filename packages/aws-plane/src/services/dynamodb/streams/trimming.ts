// Records of streams are kept for 24 hours, and streams that have ended as long as their last records may be.
import type { PlaneContext } from '../../../plane-context.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { forgetPrefix, forgetRange } from '../storage/forgetting.ts';
import { behind, bigEndian, streamCounter, streamPrefix } from '../storage/layout.ts';
import { decodeRecord } from '../storage/stream-record.ts';
import { everyStream, forgetStream, RECORDS_KEPT_MS, type StreamRecord } from './stream-state.ts';

export async function trimStreams(plane: PlaneContext): Promise<void> {
  const oldestMs = plane.clock.nowMs() - RECORDS_KEPT_MS;
  for (const stream of everyStream(plane.store)) {
    if (dynamoOf(plane).chores.stopping.aborted) return;
    if (stream.closedMs !== undefined && stream.closedMs < oldestMs) await forget(plane, stream);
    else await trim(plane, stream, oldestMs);
  }
}

async function forget(plane: PlaneContext, stream: StreamRecord): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  await plane.store.transact((tx) => forgetStream(tx, stream));
  await forgetPrefix(bytes, streamPrefix(stream.key), chores.stopping);
  await bytes.transact((tx) => tx.delete(streamCounter(stream.key)));
}

async function trim(plane: PlaneContext, stream: StreamRecord, oldestMs: number): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  const prefix = streamPrefix(stream.key);
  let kept: number | undefined;
  let last = 0;
  for (const { key, value } of bytes.range({ from: prefix, to: behind(prefix) })) {
    const { number, atMs } = decodeRecord(key, value);
    last = number;
    if (atMs < oldestMs) continue;
    kept = number;
    break;
  }
  const end = kept ?? last + 1;
  await forgetRange(bytes, prefix, Buffer.concat([prefix, bigEndian(end)]), chores.stopping);
}
