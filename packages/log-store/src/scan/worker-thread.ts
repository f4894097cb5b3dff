// One scan worker as the main thread sees it: questions with answers, and an end.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { NumberedReply, ScanReply, ScanRequest } from './scan-protocol.ts';

/** The worker ended before it answered. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
  /** True when it was ended for another query's sake, so that to ask again is worth while. */
  readonly wasTerminated: boolean;

  constructor(message: string, wasTerminated: boolean) {
    super(message);
    this.wasTerminated = wasTerminated;
  }
}

interface Asked {
  readonly resolve: (reply: ScanReply) => void;
  readonly reject: (error: Error) => void;
}

/** A query that outgrows this ends its worker, not the process. */
const HEAP_MIB_MAX = 1024;

export class WorkerThread {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  readonly #onEnd: () => void;
  #last = 0;
  #ended = false;
  #terminated = false;

  /** `onEnd` is called once, when the worker takes no more questions. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#worker = startWorker();
    this.#worker.unref();
    this.#worker.on('message', (message: NumberedReply) => this.#hear(message));
    this.#worker.on('messageerror', (error) => this.#end(error.message));
    this.#worker.on('error', (error: unknown) =>
      this.#end(String((error as Error | undefined)?.message ?? error)),
    );
    this.#worker.on('exit', () => this.#end('it ended'));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Rejects with WorkerLostError when the worker ends, and with an Error when it fails to answer. */
  ask(request: ScanRequest): Promise<ScanReply> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new WorkerLostError('a scan worker has ended', this.#terminated));
        return;
      }
      const number = ++this.#last;
      this.#asked.set(number, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage({ number, request });
    });
  }

  /** Ends the worker at once, whatever it does. */
  async terminate(): Promise<void> {
    this.#terminated = true;
    this.#end('it was ended');
    await this.#worker.terminate();
  }

  #hear(message: NumberedReply): void {
    const asked = this.#asked.get(message.number);
    this.#asked.delete(message.number);
    if ('reply' in message) asked?.resolve(message.reply);
    else asked?.reject(new Error(`a query failed: ${message.failure.message}`));
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { reject } of this.#asked.values()) {
      reject(new WorkerLostError(`a scan worker was lost: ${why}`, this.#terminated));
    }
    this.#asked.clear();
    this.#onEnd();
  }
}

/** Bundled, the program lies beside this file; from source it needs the loader that this file was loaded with. */
function startWorker(): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: HEAP_MIB_MAX };
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./log-scan-worker.mjs', import.meta.url), { resourceLimits, execArgv: [] });
  }
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx'));
  const start = `import(${JSON.stringify(new URL('./esm/api/index.mjs', tsx).href)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(new URL('../scan-worker.ts', import.meta.url).href)});
  });`;
  return new Worker(start, { eval: true, resourceLimits, execArgv: [] });
}
