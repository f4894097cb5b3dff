// The engines of one plane: which run, and what is done to each, one thing after the other.
import type { DatabaseEngine, EngineHost } from '@pergola/engines';
import type { PlaneContext } from '../../../plane-context.ts';
import { faults } from '../faults.ts';

/** Something to be done; what it throws is logged, for who asked has had an answer already. */
export type Job = () => Promise<void>;

export class EngineDesk {
  readonly plane: PlaneContext;
  readonly #engines = new Map<string, DatabaseEngine>();
  readonly #queues = new Map<string, Promise<void>>();
  readonly #changes = new Map<string, Promise<unknown>>();
  #closed = false;

  constructor(plane: PlaneContext) {
    this.plane = plane;
  }

  get host(): EngineHost {
    const { engines } = this.plane;
    if (!engines) throw faults.invalidCombination('No database server can run at this endpoint.');
    return engines;
  }

  /** True once the plane ends: jobs then leave things as they are, for the next start. */
  get closed(): boolean {
    return this.#closed;
  }

  engine(resourceId: string): DatabaseEngine | undefined {
    return this.#engines.get(resourceId);
  }

  keep(resourceId: string, engine: DatabaseEngine): void {
    this.#engines.set(resourceId, engine);
  }

  forget(resourceId: string): void {
    this.#engines.delete(resourceId);
  }

  /** Does `job` after all that was queued for this engine before. */
  queue(resourceId: string, job: Job): Promise<void> {
    const next = this.#inTurn(resourceId, this.#queues.get(resourceId), job);
    this.#queues.set(resourceId, next);
    void this.#forgetWhenDone(resourceId, next);
    return next;
  }

  /**
   * Lets one call at a time change a database: what it asks of other services meanwhile, a new password in a secret above
   * all, is then not overtaken by another one. Rejects as `change` does.
   */
  async exclusive<T>(resourceId: string, change: () => Promise<T>): Promise<T> {
    const before = this.#changes.get(resourceId);
    const next = (async () => {
      await before?.catch(() => {});
      return await change();
    })();
    this.#changes.set(resourceId, next);
    try {
      return await next;
    } finally {
      if (this.#changes.get(resourceId) === next) this.#changes.delete(resourceId);
    }
  }

  async #inTurn(resourceId: string, before: Promise<void> | undefined, job: Job): Promise<void> {
    // Without one before, too: who asks has its answer first.
    await before;
    if (this.#closed) return;
    try {
      await job();
    } catch (error) {
      if (!this.#closed) this.plane.logger.error({ error, resourceId }, 'work on a database failed');
    }
  }

  async #forgetWhenDone(resourceId: string, work: Promise<void>): Promise<void> {
    await work;
    if (this.#queues.get(resourceId) === work) this.#queues.delete(resourceId);
  }

  /** Resolves when what is under way is done; nothing more begins. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#queues.values());
  }
}
