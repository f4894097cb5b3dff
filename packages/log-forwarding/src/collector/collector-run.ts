// One run of the collector with one configuration: from opening its outputs to their end. Another configuration is
// another run.
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { Disposal } from '@pergola/kernel';
import type { CollectorConfig } from '../config/collector-config.ts';
import type { CollectorOptions } from './collector-options.ts';
import { ConfigError } from './config-file.ts';
import { PodDirectory } from './metadata/pod-directory.ts';
import { NodeLogs } from './node-logs.ts';
import { openOutputs } from './outputs/open-outputs.ts';
import type { Output } from './outputs/output.ts';
import type { SourceCounts } from './report/source-counts.ts';
import { compilePipelines, type Pipeline } from './routing/pipelines.ts';
import type { Volumes } from './routing/volumes.ts';
import { journalLog } from './sources/event-log.ts';
import { JournalCursors } from './sources/journal-cursors.ts';
import { JournalFollower } from './sources/journal-follower.ts';
import { LogSource, type SourceContext } from './sources/log-source.ts';
import { Checkpoints } from './tail/checkpoints.ts';
import { OpenFiles } from './tail/open-files.ts';
import { LogProgress } from './tail/progress.ts';
import type { Tail } from './tail/tail.ts';
import { TailSet } from './tail/tail-set.ts';

const mebibyte = 1024 * 1024;

export interface RunContext {
  readonly options: CollectorOptions;
  readonly volumes: Volumes;
  readonly counts: SourceCounts;
}

export interface CollectorRun extends AsyncDisposable {
  readonly outputs: ReadonlyMap<string, Output>;
  readonly tails: TailSet;
  /** Whether what is needed to read is there. */
  readonly isReady: boolean;
}

/** Starts reading and delivering. Throws when the configuration cannot be used. */
export function startRun(config: CollectorConfig, { options, volumes, counts }: RunContext): CollectorRun {
  const disposal = new Disposal();
  const { clock, logger, dataDir, nodeName, paths } = options;
  const { outputs, ending } = openAll(config, options, () => tails.wake());
  const context: SourceContext = {
    pipelines: compileOrEnd(config, outputs, ending),
    records: { clusterId: config.clusterId, hostname: nodeName },
    volumes,
    clock,
    malformed: (kind) => counts.malformed(kind),
  };
  const checkpoints = new Checkpoints(join(dataDir, 'checkpoints.journal'));
  disposal.defer(() => checkpoints.close());
  const pods = openPods(options, (namespace, podName) => logs.metadataChanged(namespace, podName));
  if (pods) disposal.use(pods);
  const logs = new NodeLogs({
    paths,
    context,
    pods,
    ownPods: `${options.namespace}_${options.collectorName}-`,
    files: new OpenFiles(options.openFilesMax ?? 1000),
    checkpoints,
    clock,
    changed: (tail: Tail) => tails.markChanged(tail),
    truncated: () => counts.truncated(),
  });
  const tails = new TailSet({
    discover: (known, nowMs) => logs.discover(known, nowMs),
    housekeeping: (nowMs) => {
      const followed = new Set(tails);
      logs.prune((tail) => followed.has(tail), nowMs);
    },
    checkpoints,
    clock,
    logger,
  });
  disposal.defer(() => tails.close());
  disposal.use(ending);
  const reading = new AbortController();
  const { follower, source } = journalFollower(options, context);
  disposal.defer(() => source.release());
  const done = Promise.all([tails.run(reading.signal), follower.run(reading.signal)]).catch(
    (error: unknown) => {
      logger.error({ error }, 'the collector has stopped reading');
    },
  );
  disposal.defer(async () => {
    reading.abort();
    await done;
  });
  return {
    outputs,
    tails,
    get isReady() {
      return pods?.hasSynced ?? true;
    },
    [Symbol.asyncDispose]: () => disposal.dispose(),
  };
}

/** The pipelines; when they cannot be compiled, the outputs are closed again. */
function compileOrEnd(
  config: CollectorConfig,
  outputs: ReadonlyMap<string, Output>,
  ending: Disposal,
): Pipeline[] {
  try {
    return compilePipelines(config, outputs);
  } catch (error) {
    void ending.dispose();
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** What reads the node's journal where it is a binary one. */
function journalFollower(
  { clock, logger, dataDir, paths, journalProgram = 'journalctl' }: CollectorOptions,
  context: SourceContext,
): { readonly follower: JournalFollower; readonly source: LogSource } {
  const cursors = new JournalCursors(join(dataDir, 'journal.cursor'));
  const progress: LogProgress = new LogProgress(() => cursors.delivered(progress.delivered.done));
  const source = new LogSource(context, progress);
  const malformed = () => context.malformed('journal');
  source.become(journalLog({ records: context.records, clock, malformed }));
  const directory = paths.journal;
  const follower = new JournalFollower({
    directory,
    program: journalProgram,
    cursors,
    progress,
    source,
    clock,
    logger,
  });
  return { follower, source };
}

/** The outputs, and their end: what was read is delivered for a while, then calls under way are given up. */
function openAll(
  config: CollectorConfig,
  options: CollectorOptions,
  onRoom: () => void,
): { readonly outputs: ReadonlyMap<string, Output>; readonly ending: Disposal } {
  const ending = new Disposal();
  const calls = new AbortController();
  // Every call under way listens to it, and there are more than Node takes for a leak.
  setMaxListeners(0, calls.signal);
  const outputs = openOutputs(
    {
      ...options,
      configs: config.outputs,
      directory: join(options.dataDir, 'buffers'),
      memoryBytesMax: options.memoryBytesMax ?? 12 * mebibyte,
      diskBytesMax: options.diskBytesMax ?? 256 * mebibyte,
      signal: calls.signal,
      callTimeoutMs: options.callTimeoutMs ?? 30_000,
      lingerMs: options.lingerMs ?? 500,
      sendsNothing: options.sendsNothing ?? false,
      onRoom,
    },
    ending,
  );
  ending.defer(() => calls.abort(new Error('the collector ends')));
  ending.defer(() => drainAll(outputs, options));
  return { outputs, ending };
}

function openPods(
  { client, nodeName, clock, random, logger }: CollectorOptions,
  onChange: (namespace: string, podName: string | undefined) => void,
): PodDirectory | undefined {
  return client && new PodDirectory({ client, nodeName, clock, random, logger, onChange });
}

/** Delivers what was read, for a while: what remains is read again by the next run. */
async function drainAll(outputs: ReadonlyMap<string, Output>, options: CollectorOptions): Promise<void> {
  const late = new AbortController();
  const timer = options.clock.after(options.drainMs ?? 5_000, () => late.abort());
  await Promise.all([...outputs.values()].map((output) => output.drain(late.signal)));
  timer.cancel();
}
