// Runs export tasks in the background, one after the other. A task that a restart interrupted begins again: it writes
// the same objects under the same keys.
import type { LogStore } from '@pergola/log-store';
import { AwsFault } from '../../../fault.ts';
import type { PlaneContext } from '../../../plane-context.ts';
import { runExport } from './export-run.ts';
import {
  type ExportRecord,
  type ExportStatus,
  findExport,
  putExport,
  unfinishedExports,
} from './export-task.ts';

interface Job {
  readonly task: ExportRecord;
  readonly abort: AbortController;
}

export class ExportRunner {
  readonly #plane: PlaneContext;
  readonly #events: LogStore;
  readonly #jobs = new Map<string, Job>();
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(plane: PlaneContext, events: LogStore) {
    this.#plane = plane;
    this.#events = events;
  }

  /** Takes up what was interrupted. */
  resume(): void {
    for (const task of unfinishedExports(this.#plane.store)) {
      this.start(task);
      if (task.status === 'PENDING_CANCEL') this.cancel(task.id);
    }
  }

  start(task: ExportRecord): void {
    // The next start takes up what comes too late.
    if (this.#closed) return;
    const job = { task, abort: new AbortController() };
    this.#jobs.set(task.id, job);
    this.#last = this.#last
      .then(() => this.#run(job))
      .catch((error: unknown) =>
        // The others have their turn all the same.
        this.#plane.logger.error({ error, task: task.id }, 'the end of an export task could not be kept'),
      );
  }

  /** Asks a task to end; its status tells when it has. */
  cancel(id: string): void {
    this.#jobs.get(id)?.abort.abort(new Error('the export task was cancelled'));
  }

  /** Interrupts the tasks; they are taken up at the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const id of this.#jobs.keys()) this.cancel(id);
    await this.#last;
  }

  async #run({ task, abort }: Job): Promise<void> {
    try {
      if (!abort.signal.aborted) {
        await this.#settle(task, 'RUNNING', 'Started Successfully');
        await runExport(this.#plane, this.#events, task, abort.signal);
      }
      if (abort.signal.aborted) await this.#interrupted(task);
      else await this.#settle(task, 'COMPLETED', 'Completed successfully');
    } catch (error) {
      if (abort.signal.aborted) await this.#interrupted(task);
      else await this.#failed(task, error);
    } finally {
      this.#jobs.delete(task.id);
    }
  }

  async #interrupted(task: ExportRecord): Promise<void> {
    // What the end of the process interrupts stays as it is, for the next start.
    if (!this.#closed) await this.#settle(task, 'CANCELLED', 'Cancelled by user');
  }

  async #failed(task: ExportRecord, error: unknown): Promise<void> {
    if (!(error instanceof AwsFault))
      this.#plane.logger.error({ error, task: task.id }, 'an export task failed by our own fault');
    const because = error instanceof AwsFault ? `${error.code}: ${error.message}` : 'Internal error';
    await this.#settle(task, 'FAILED', because);
  }

  async #settle(task: ExportRecord, status: ExportStatus, message: string): Promise<void> {
    const { store, clock } = this.#plane;
    await store.transact((tx) => {
      const known = findExport(tx, task, task.id);
      // A wish to cancel is not overwritten by the news that the task runs.
      if (!known || (status === 'RUNNING' && known.status === 'PENDING_CANCEL')) return;
      putExport(tx, { ...known, status, message, endedMs: status === 'RUNNING' ? undefined : clock.nowMs() });
    });
  }
}
