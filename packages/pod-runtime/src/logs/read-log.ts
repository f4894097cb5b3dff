// Reading a container's log back: the rotated files and the live one as one text, from the tail or from a
// time, followed while the container runs. Works on bytes.
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type CriLine, parseCriLine } from './cri-format.ts';
import { type LogFile, rotatedFiles } from './log-file.ts';

const blockBytes = 64 * 1024;

export interface ReadLogOptions {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  /** Milliseconds since the epoch: older lines are left out. */
  readonly sinceMs?: number;
  readonly limitBytes?: number;
}

/** A log to read: its path, and the writer while the container runs. */
export interface LogSource {
  readonly path: string;
  readonly live: LogFile | undefined;
}

/** The log's content as the container wrote it. Ends at the end of the file, or with the container when following. */
export async function* readLog(
  source: LogSource,
  options: ReadLogOptions,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  const since = options.sinceMs === undefined ? '' : new Date(options.sinceMs).toISOString().slice(0, 23);
  let startOfLine = true;
  for await (const line of rawLines(source, options, signal)) {
    const parsed = parseCriLine(line);
    if (!parsed || parsed.time < since) continue;
    const text = render(parsed, options.timestamps && startOfLine);
    startOfLine = !parsed.partial;
    yield text.length > left ? text.subarray(0, left) : text;
    left -= text.length;
    if (left <= 0) return;
  }
}

function render(line: CriLine, timestamps: boolean): Buffer {
  const parts = [line.content];
  if (timestamps) parts.unshift(Buffer.from(`${line.time} `));
  if (!line.partial) parts.push(Buffer.from('\n'));
  return Buffer.concat(parts);
}

async function* rawLines(
  source: LogSource,
  options: ReadLogOptions,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const files = [...rotatedFiles(source.path), source.path];
  const start =
    options.tailLines === undefined ? { file: 0, offset: 0 } : await tailStart(files, options.tailLines);
  for (const [index, path] of files.entries()) {
    if (index < start.file) continue;
    const offset = index === start.file ? start.offset : 0;
    const last = index === files.length - 1;
    yield* fileLines(path, offset, last && options.follow ? { live: source.live, signal } : undefined);
  }
}

interface Follow {
  readonly live: LogFile | undefined;
  readonly signal: AbortSignal;
}

/** The lines of one file, without newlines; with `follow`, on into the files that replace it. */
async function* fileLines(path: string, from: number, follow: Follow | undefined): AsyncGenerator<Buffer> {
  const changes = watchOf(follow);
  let offset = from;
  let handle: FileHandle | undefined = await open(path, 'r');
  try {
    while (handle) {
      const seen = changes?.count() ?? 0;
      // Asked before the read: what was written up to the end is read after it.
      const ended = !changes || changes.ended();
      offset = yield* linesToEnd(handle, offset);
      const next: FileHandle | undefined = changes ? await reopened(path, handle) : undefined;
      if (next) {
        await handle.close();
        handle = next;
        offset = 0;
      } else if (ended) {
        return;
      } else {
        await changes?.after(seen);
      }
    }
  } finally {
    changes?.stop();
    await handle?.close();
  }
}

function watchOf(follow: Follow | undefined) {
  return follow?.live ? watchChanges(follow.live, follow.signal) : undefined;
}

/** The whole lines from `from` to the end of the file; returns where the next line begins. */
async function* linesToEnd(handle: FileHandle, from: number): AsyncGenerator<Buffer, number> {
  let offset = from;
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const block = await readBlock(handle, offset + rest.length);
    if (block.length === 0) return offset;
    const data = rest.length > 0 ? Buffer.concat([rest, block]) : block;
    let start = 0;
    for (let end = data.indexOf(0x0a); end >= 0; end = data.indexOf(0x0a, start)) {
      yield data.subarray(start, end);
      start = end + 1;
    }
    offset += start;
    rest = data.subarray(start);
  }
}

async function readBlock(handle: FileHandle, offset: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(blockBytes), 0, blockBytes, offset);
  return buffer.subarray(0, bytesRead);
}

/** The file now at `path` when it is another than `handle`. */
async function reopened(path: string, handle: FileHandle): Promise<FileHandle | undefined> {
  const [now, ours] = await Promise.all([stat(path).catch(() => undefined), handle.stat()]);
  return now && now.ino !== ours.ino ? await open(path, 'r') : undefined;
}

/** Counts a log's changes so that none is missed between a read and a wait. */
function watchChanges(live: LogFile, signal: AbortSignal) {
  let count = 0;
  let wake = () => {};
  const tell = () => {
    count++;
    wake();
  };
  const stopListening = live.onChange(tell);
  signal.addEventListener('abort', tell, { once: true });
  return {
    count: () => count,
    ended: () => live.closed || signal.aborted,
    after: (seen: number) =>
      count === seen
        ? new Promise<void>((resolve) => {
            wake = resolve;
          })
        : Promise.resolve(),
    stop: () => {
      stopListening();
      signal.removeEventListener('abort', tell);
    },
  };
}

/** Where the last `lines` lines begin: read backwards, block by block, from the newest file. */
async function tailStart(files: readonly string[], lines: number): Promise<{ file: number; offset: number }> {
  let wanted = lines;
  for (let file = files.length - 1; file >= 0; file--) {
    const handle = await open(files[file] ?? '', 'r');
    try {
      const { size } = await handle.stat();
      if (wanted === 0) return { file, offset: size };
      const found = await seekBack(handle, size, wanted);
      if (found.offset !== undefined) return { file, offset: found.offset };
      wanted -= found.lines;
    } finally {
      await handle.close();
    }
  }
  return { file: 0, offset: 0 };
}

async function seekBack(
  handle: FileHandle,
  size: number,
  wanted: number,
): Promise<{ offset?: number; lines: number }> {
  let lines = 0;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - blockBytes);
    const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    for (let at = buffer.lastIndexOf(0x0a); at >= 0; at = at > 0 ? buffer.lastIndexOf(0x0a, at - 1) : -1) {
      if (start + at === size - 1) continue; // The newline that ends the last line.
      lines++;
      if (lines === wanted) return { offset: start + at + 1, lines };
    }
    end = start;
  }
  return { lines: size > 0 ? lines + 1 : 0 };
}
