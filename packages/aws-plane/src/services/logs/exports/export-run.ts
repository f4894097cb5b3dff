// The work of an export task: the events of each stream, as lines in gzip objects of the bucket.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { LogStore, StoredEvent } from '@pergola/log-store';
import type { PlaneContext } from '../../../plane-context.ts';
import { putExported } from './export-bucket.ts';
import type { ExportRecord } from './export-task.ts';
import { expiryMsOf, groupAt } from '../groups.ts';
import { spanOf } from '../reading.ts';
import { childrenOf, type LogGroup, type LogStream, refOf } from '../state.ts';

const compress = promisify(gzip);

const PAGE_EVENTS = 10_000;
const PAGE_BYTES = 4 * 1_048_576;
/** Of text, for each object. */
const OBJECT_BYTES = 32 * 1_048_576;
const NUMBER_DIGITS = 6;

/** Exports all that the task asks for. Rejects with S3's fault, or with the signal's reason. */
export async function runExport(
  plane: PlaneContext,
  events: LogStore,
  task: ExportRecord,
  signal: AbortSignal,
): Promise<void> {
  const { account, region, groupName: name } = task;
  const group = groupAt(plane.store, { account, region, name });
  const streams = childrenOf<LogStream>(plane.store, group, 'stream', { prefix: task.streamPrefix });
  // Objects by folder: the streams `a/b` and `a-b` have the same one, and are numbered on.
  const written = new Map<string, number>();
  for (const stream of streams) {
    const pages = readStream({ events, group, task, signal, nowMs: plane.clock.nowMs() }, stream.name);
    const folder = stream.name.replaceAll('/', '-');
    for await (const text of objectsOf(pages)) {
      const number = written.get(folder) ?? 0;
      written.set(folder, number + 1);
      const file = `${String(number).padStart(NUMBER_DIGITS, '0')}.gz`;
      const key = [task.prefix, task.id, folder, file].join('/');
      await putExported(plane, task, { key, body: await compress(text) });
    }
  }
}

interface Reading {
  readonly events: LogStore;
  readonly group: LogGroup;
  readonly task: ExportRecord;
  readonly signal: AbortSignal;
  readonly nowMs: number;
}

async function* readStream(reading: Reading, stream: string): AsyncGenerator<readonly StoredEvent[]> {
  const { events, group, task, signal, nowMs } = reading;
  let page: Awaited<ReturnType<LogStore['read']>> | undefined;
  do {
    signal.throwIfAborted();
    page = await events.read({
      group: refOf(group),
      streams: [stream],
      ...spanOf({ startMs: task.fromMs, endMs: task.toMs, expiryMs: expiryMsOf(group, nowMs) }),
      direction: 'forward',
      after: page?.next,
      limitEvents: PAGE_EVENTS,
      limitBytes: PAGE_BYTES,
      signal,
    });
    yield page.events;
  } while (page.next);
}

/** Lines of `2026-11-27T10:00:00.000Z message`, gathered to the size of an object. */
async function* objectsOf(pages: AsyncIterable<readonly StoredEvent[]>): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let sizeBytes = 0;
  for await (const events of pages) {
    const text = Buffer.from(events.map(lineOf).join(''));
    gathered.push(text);
    sizeBytes += text.length;
    if (sizeBytes < OBJECT_BYTES) continue;
    yield Buffer.concat(gathered);
    gathered = [];
    sizeBytes = 0;
  }
  if (sizeBytes > 0) yield Buffer.concat(gathered);
}

function lineOf({ timestampMs, message }: StoredEvent): string {
  return `${new Date(timestampMs).toISOString()} ${message}\n`;
}
