// Keeps a server running: one that ends without having been asked is started again, later each time.
import type { Logger, Timer } from '@pergola/kernel';
import { systemClock } from '@pergola/kernel';
import type { ServerProcess } from './server-process.ts';

const FIRST_DELAY_MS = 200;
const DELAY_MAX_MS = 30_000;
/** A server that ran for so long has recovered. */
const STEADY_MS = 60_000;

export interface SupervisedRun {
  readonly process: ServerProcess;
  stop(): Promise<void>;
}

/** The caller lets no two of its calls overlap. */
export class Supervisor {
  readonly #begin: () => Promise<SupervisedRun>;
  readonly #inTurn: (task: () => Promise<void>) => Promise<void>;
  readonly #logger: Logger;
  #run: SupervisedRun | undefined;
  #wanted = false;
  #timer: Timer | undefined;
  #delayMs = FIRST_DELAY_MS;

  /** `inTurn` runs a task when the caller's other tasks have ended. */
  constructor(options: {
    readonly begin: () => Promise<SupervisedRun>;
    readonly inTurn: (task: () => Promise<void>) => Promise<void>;
    readonly logger: Logger;
  }) {
    this.#begin = options.begin;
    this.#inTurn = options.inTurn;
    this.#logger = options.logger;
  }

  get isRunning(): boolean {
    return this.#run !== undefined && !this.#run.process.hasEnded;
  }

  async start(): Promise<void> {
    if (this.isRunning) return;
    this.#timer?.cancel();
    const run = await this.#begin();
    this.#run = run;
    this.#wanted = true;
    void this.#watch(run);
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    this.#timer?.cancel();
    this.#delayMs = FIRST_DELAY_MS;
    await this.#run?.stop();
    this.#run = undefined;
  }

  async #watch(run: SupervisedRun): Promise<void> {
    const startedMs = systemClock.monotonicMs();
    const how = await run.process.ended;
    if (!this.#wanted || this.#run !== run) return;
    if (systemClock.monotonicMs() - startedMs > STEADY_MS) this.#delayMs = FIRST_DELAY_MS;
    this.#logger.warn(
      { how, words: run.process.lastWords().slice(-1_000), againInMs: this.#delayMs },
      'a database server has ended by itself',
    );
    this.#again();
  }

  #again(): void {
    this.#timer = systemClock.after(this.#delayMs, () => {
      void this.#inTurn(async () => {
        if (!this.#wanted || this.isRunning) return;
        await this.start().catch((error: unknown) => {
          this.#logger.error({ error }, 'a database server could not be started again');
          this.#again();
        });
      });
    });
    this.#delayMs = Math.min(this.#delayMs * 2, DELAY_MAX_MS);
  }
}
