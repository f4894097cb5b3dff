// The runs of queries in one thread: reads blocks from files, synchronously, and shows them to the compiled queries.
import { closeSync, openSync, readSync } from 'node:fs';
import { assert, LruMap } from '@pergola/kernel';
import { type CompiledQuery, compileQuery, type QueryRun } from '@pergola/log-language';
import { assembleBlock, extentsOf } from '../files/block-file.ts';
import {
  firstNotBefore,
  type LoadedBlock,
  loadedBlock,
  type Stretch,
  stretchesOf,
} from '../files/loaded-block.ts';
import { packPartial, packRows, unpackPartial } from '../packed.ts';
import { ReadBuffer } from '../files/read-buffer.ts';
import {
  addCounts,
  noCounts,
  type ScanCounts,
  type ScanGroup,
  type ScanQuery,
  type ScanReply,
  type ScanRequest,
  type ScanTask,
} from './scan-protocol.ts';

/** Abandoned runs are forgotten by this bound when nobody says so. */
const RUNS_MAX = 256;

type Block = ScanTask['blocks'][number]['block'];

/** A query that is under way in this thread. */
interface Running {
  readonly compiled: CompiledQuery;
  readonly run: QueryRun;
}

export class ScanRuns {
  readonly #runs = new LruMap<number, Running>(RUNS_MAX);
  readonly #buffer = new ReadBuffer();

  answer(request: ScanRequest): ScanReply {
    if (request.do === 'forget') {
      this.#runs.delete(request.query.id);
      return { counts: noCounts, enough: true };
    }
    if (request.do === 'merge') {
      const { compiled } = this.#runs.get(request.query.id) ?? begin(request.query);
      return {
        counts: noCounts,
        enough: true,
        result: packRows(compiled.finish(request.partials.map(unpackPartial))),
      };
    }
    const { compiled, run } = this.#runOf(request.query);
    if (request.do === 'finish') {
      this.#runs.delete(request.query.id);
      return { counts: noCounts, enough: run.enough(), partial: packPartial(run.partial()) };
    }
    const counts = scan({ compiled, run }, request.task, this.#buffer);
    return {
      counts,
      enough: run.enough(),
      partial: request.withPartial ? packPartial(run.partial()) : undefined,
    };
  }

  #runOf(query: ScanQuery): Running {
    const known = this.#runs.get(query.id);
    if (known) return known;
    const running = begin(query);
    this.#runs.set(query.id, running);
    return running;
  }
}

function begin({ text, context }: ScanQuery): Running {
  const compiled = compileQuery(text, context);
  assert(compiled.ok, 'a query that does not compile was sent to a worker');
  return { compiled: compiled.value, run: compiled.value.start() };
}

function scan(running: Running, { groups, blocks }: ScanTask, buffer: ReadBuffer): ScanCounts {
  let counts = noCounts;
  const file = new OneFile(buffer);
  try {
    for (const { group, block } of blocks) {
      if (running.run.enough()) break;
      const owner = groups[group];
      if (owner) counts = addCounts(counts, scanBlock(running, owner, readBlock(file, owner, block)));
    }
  } finally {
    file.close();
  }
  return counts;
}

interface ReadBlock {
  readonly block: LoadedBlock | undefined;
  readonly damaged: number;
}

/** Shows what is visible of a block, and may lie in the query's times, to the run. */
export function scanBlock(
  { compiled, run }: Running,
  owner: Pick<ScanGroup, 'mask'>,
  { block, damaged }: ReadBlock,
): ScanCounts {
  let recordsScanned = 0;
  let bytesScanned = 0;
  for (const stretch of block ? stretchesOf(block, owner.mask) : []) {
    if (!block) continue;
    const { from, to } = clip(block, stretch, compiled.ranges);
    if (from >= to) continue;
    run.add(block, from, to);
    recordsScanned += to - from;
    bytesScanned += (block.starts[to] ?? 0) - (block.starts[from] ?? 0);
  }
  return { recordsScanned, bytesScanned, damaged };
}

/** The part of a stretch from the earliest to the latest time of the query, when the block is in order. */
function clip(block: LoadedBlock, stretch: Stretch, ranges: CompiledQuery['ranges']): Stretch {
  if (!block.inOrder) return stretch;
  const startMs = Math.min(...ranges.map((range) => range.startMs));
  const endMs = Math.max(...ranges.map((range) => range.endMs));
  return {
    from: firstNotBefore(block.timestampsMs, startMs, stretch),
    to: firstNotBefore(block.timestampsMs, endMs + 1, stretch),
  };
}

/** Undefined when the file has gone: its group was deleted meanwhile. */
function readBlock(file: OneFile, owner: ScanGroup, block: Block): ReadBlock {
  const extents = extentsOf(block.source);
  const pieces: Buffer[] = [];
  file.beginBlock();
  for (const { offset, length } of extents) {
    const piece = file.read(block.source.path, offset, length);
    if (!piece) return { block: undefined, damaged: 0 };
    pieces.push(piece);
  }
  const { columns, damaged } = assembleBlock(block, extents, pieces);
  return { block: loadedBlock({ ...columns, account: owner.account, group: owner.name }), damaged };
}

/** Blocks come file by file, so one open file is enough. */
class OneFile {
  readonly #buffer: ReadBuffer;
  #path = '';
  #descriptor: number | undefined;

  constructor(buffer: ReadBuffer) {
    this.#buffer = buffer;
  }

  /** What was read before may be overwritten from now on. */
  beginBlock(): void {
    this.#buffer.reset();
  }

  read(path: string, offset: number, length: number): Buffer | undefined {
    if (path !== this.#path) {
      this.close();
      this.#path = path;
      this.#descriptor = openIfThere(path);
    }
    if (this.#descriptor === undefined) return undefined;
    const bytes = this.#buffer.take(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#descriptor, bytes, done, length - done, offset + done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#path = '';
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
