// Which logs of the node are followed, and what is known of each.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@pergola/kernel';
import type { LogPaths } from './log-paths.ts';
import { parsePodLogPath, type PodLogPath } from './metadata/container-metadata.ts';
import { pathMetadata, type PodDirectory } from './metadata/pod-directory.ts';
import { containerLog } from './sources/container-log.ts';
import { auditLog, journalLog } from './sources/event-log.ts';
import { type LogKind, LogSource, type SourceContext } from './sources/log-source.ts';
import type { Checkpoints } from './tail/checkpoints.ts';
import { CriReader } from './tail/cri-reader.ts';
import type { LineReader } from './tail/line-reader.ts';
import type { OpenFiles } from './tail/open-files.ts';
import type { JoinBudget } from './tail/partial-line.ts';
import { PlainReader } from './tail/plain-reader.ts';
import { rotatedFilesOf } from './tail/rotated-files.ts';
import { PodLogFinder } from './tail/pod-log-finder.ts';
import { LogProgress } from './tail/progress.ts';
import { Tail } from './tail/tail.ts';

/** How long a log waits for the API to tell of its pod before it is read with what its path tells. */
const metadataMsMax = 5_000;
/** The same while the API has not answered at all. */
const firstAnswerMsMax = 60_000;
/** Bytes that unfinished lines of all containers may take. */
const joinBytesMax = 16 * 1024 * 1024;
const forgetMs = 600_000;
/** What the names of containers' logs begin with in checkpoints. */
const podLogPrefix = 'pods/';

export interface NodeLogsOptions {
  readonly paths: LogPaths;
  readonly context: SourceContext;
  /** Undefined: no API, and records tell only what paths do. */
  readonly pods: PodDirectory | undefined;
  /** Beginning of the folders of the collectors' own pods, which are not collected: they would tell of themselves. */
  readonly ownPods: string;
  readonly files: OpenFiles;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  readonly changed: (tail: Tail) => void;
  readonly truncated: () => void;
}

interface PodTail {
  readonly tail: Tail;
  readonly path: PodLogPath;
}

export class NodeLogs {
  readonly #options: NodeLogsOptions;
  readonly #finder: PodLogFinder;
  readonly #budget: JoinBudget = { usedBytes: 0, maxBytes: joinBytesMax };
  #nextForgetMs = 0;
  /** Since when a log waits for its pod; milliseconds. */
  readonly #waiting = new Map<string, number>();
  /** By `namespace/pod`. */
  readonly #podTails = new Map<string, Set<PodTail>>();

  constructor(options: NodeLogsOptions) {
    this.#options = options;
    this.#finder = new PodLogFinder(options.paths.pods);
  }

  /** Tails for logs that are not in `known` yet. */
  discover(known: ReadonlySet<string>, nowMs: number): Tail[] {
    const tails: Tail[] = [];
    for (const relative of this.#finder.find(nowMs)) {
      if (known.has(podLogPrefix + relative) || relative.startsWith(this.#options.ownPods)) continue;
      const tail = this.#podTail(relative, nowMs);
      if (tail) tails.push(tail);
    }
    this.#addEventLogs(known, tails);
    return tails;
  }

  /** The API has told something new of a pod, or of all pods of a namespace. */
  metadataChanged(namespace: string, podName: string | undefined): void {
    const { pods, context } = this.#options;
    if (!pods) return;
    for (const [key, tails] of this.#podTails) {
      if (podName === undefined ? !key.startsWith(`${namespace}/`) : key !== `${namespace}/${podName}`)
        continue;
      for (const { tail, path } of tails) {
        if (!pods.knows(path)) continue;
        tail.source.become(containerLog(pods.metadataOf(path), context.records));
        if (pods.hasEnded(path)) tail.endPartialLines(this.#options.clock.nowMs());
      }
    }
  }

  /** Takes out what is not followed any more, and now and then the checkpoints of logs that vanished unseen. */
  prune(isFollowed: (tail: Tail) => boolean, nowMs: number): void {
    for (const [key, tails] of this.#podTails) {
      for (const podTail of tails) if (!isFollowed(podTail.tail)) tails.delete(podTail);
      if (tails.size === 0) this.#podTails.delete(key);
    }
    if (nowMs < this.#nextForgetMs) return;
    this.#nextForgetMs = nowMs + forgetMs;
    this.#forgetVanished();
  }

  /** Pods that were deleted while no collector ran. */
  #forgetVanished(): void {
    const { checkpoints, paths } = this.#options;
    for (const log of checkpoints.logs().filter((name) => name.startsWith(podLogPrefix))) {
      const path = join(paths.pods, log.slice(podLogPrefix.length));
      if (!exists(path) && rotatedFilesOf(path).length === 0) checkpoints.delete(log);
    }
  }

  #podTail(relative: string, nowMs: number): Tail | undefined {
    const path = parsePodLogPath(relative);
    if (!path || !this.#finder.mayRead(relative) || !this.#isReady(relative, path, nowMs)) return undefined;
    const { pods, paths, context } = this.#options;
    const metadata = pods?.knows(path) ? pods.metadataOf(path) : pathMetadata(path);
    const kind = containerLog(metadata, context.records);
    const tail = this.#tail(podLogPrefix + relative, join(paths.pods, relative), {
      kind,
      reader: (source) => {
        const reader = new CriReader({
          emit: (line) => source.take(line),
          budget: this.#budget,
          malformed: () => context.malformed('container'),
        });
        reader.startAt(nowMs);
        return reader;
      },
    });
    const key = `${path.namespace}/${path.podName}`;
    const siblings = this.#podTails.get(key) ?? new Set();
    this.#podTails.set(key, siblings.add({ tail, path }));
    return tail;
  }

  /** A log is read when its pod is known, or has not become so in time. */
  #isReady(relative: string, path: PodLogPath, nowMs: number): boolean {
    const { pods } = this.#options;
    if (!pods || pods.knows(path)) {
      this.#waiting.delete(relative);
      return true;
    }
    const sinceMs = this.#waiting.get(relative) ?? nowMs;
    this.#waiting.set(relative, sinceMs);
    // Before the first answer nothing is known of any pod. The files keep their lines, but not for ever.
    if (nowMs - sinceMs < (pods.hasSynced ? metadataMsMax : firstAnswerMsMax)) return false;
    this.#waiting.delete(relative);
    return true;
  }

  #addEventLogs(known: ReadonlySet<string>, tails: Tail[]): void {
    const { paths, context, clock } = this.#options;
    const { records } = context;
    const add = (log: string, path: string, kind: LogKind) => {
      tails.push(
        this.#tail(log, path, { kind, reader: (source) => new PlainReader((line) => source.take(line)) }),
      );
    };
    for (const name of namesIn(paths.journal).filter((entry) => /^[\w.-]+\.json$/.test(entry))) {
      const log = `journal/${name}`;
      const malformed = () => context.malformed('journal');
      if (!known.has(log)) add(log, join(paths.journal, name), journalLog({ records, clock, malformed }));
    }
    for (const { source, path } of paths.audit) {
      const log = `audit/${path}`;
      const malformed = () => context.malformed(source);
      if (!known.has(log) && exists(path)) add(log, path, auditLog(source, { records, clock, malformed }));
    }
  }

  #tail(
    log: string,
    path: string,
    { kind, reader }: { readonly kind: LogKind; readonly reader: (source: LogSource) => LineReader },
  ): Tail {
    const { context, files, checkpoints, changed, truncated } = this.#options;
    // The progress tells the tail of its changes, and the tail is made with the progress.
    const progress = new LogProgress(() => changed(tail));
    const start = checkpoints.get(log);
    if (start) Object.assign(progress.read.sequence, start.sequence);
    const source = new LogSource(context, progress);
    const tail = new Tail({
      log,
      path,
      files,
      checkpoints,
      progress,
      source,
      reader: reader(source),
      truncated,
    });
    source.become(kind);
    return tail;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // Not every node has one.
    return [];
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
