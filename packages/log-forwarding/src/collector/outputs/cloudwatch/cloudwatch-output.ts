// The output to CloudWatch Logs. Lines go into one batch for each stream; a batch is sent when it is full or a moment
// old, one at a time for a stream and many streams side by side. Nothing that AWS may still take is given up.
import type { Clock, Logger, Random, Timer } from '@pergola/kernel';
import type { CloudWatchOutput as CloudWatchConfig } from '../../../config/collector-config.ts';
import type { DeliveryFailure, OutputReport } from '../../../config/delivery-report.ts';
import type { LogNames } from '../../names/log-names.ts';
import type { Output, OutputGauges, OutputStream } from '../output.ts';
import { deliver, type DeliveryContext, type Outcome } from './batch-delivery.ts';
import { BatchQueues } from './batch-queues.ts';
import { CloudWatchStream } from './cloudwatch-stream.ts';
import { DeliveryCounts } from './delivery-counts.ts';
import type { DiskBuffer } from './disk-buffer.ts';
import { RequestLimit } from './request-limit.ts';
import { retryDelayMs } from './retry-delay.ts';
import { halvesOf } from './split-body.ts';
import type { QueuedBatch, StreamQueue } from './stream-queue.ts';
import { StreamSchedule } from './stream-schedule.ts';

const tickMs = 100;
/**
 * How long memory must be full, and nothing be delivered, before batches go to disk: neither a short rush nor a node
 * that catches up is a reason to write everything twice.
 */
const spillAfterMs = 1_000;
const retentionRetryMs = 60_000;
const requestsMax = 16;
/** Failures in a row after which an end does not wait for a stream. */
const hopelessFailures = 2;

export interface CloudWatchOutputOptions {
  readonly config: CloudWatchConfig;
  readonly delivery: DeliveryContext;
  /** Undefined: memory only. */
  readonly disk: DiskBuffer | undefined;
  readonly memoryBytesMax: number;
  /** How long a line waits at most for others to share its request; milliseconds. */
  readonly lingerMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Called when there is room again. */
  readonly onRoom: () => void;
}

export class CloudWatchOutput implements Output {
  readonly name: string;
  readonly #options: CloudWatchOutputOptions;
  readonly #queues: BatchQueues;
  readonly #schedule = new StreamSchedule();
  readonly #counts = new DeliveryCounts();
  readonly #limit = new RequestLimit(requestsMax);
  #underway = 0;
  #fullSinceMs: number | undefined;
  #timer: Timer | undefined;
  #retentionAtMs = 0;
  #draining = false;
  #warned = { reason: '', atMs: 0 };
  #closed = false;
  /** Events that may be sent now, when the rate is limited. */
  #allowance: number;
  #allowedAtMs: number;

  constructor(options: CloudWatchOutputOptions) {
    const { config, memoryBytesMax, disk, logger, clock } = options;
    this.name = config.name;
    this.#options = options;
    const limits = { recordBytesMax: config.tuning.maxWriteBytes };
    this.#queues = new BatchQueues({ memoryBytesMax, disk, limits, logger });
    this.#allowance = config.maxRecordsPerSecond ?? 0;
    this.#allowedAtMs = clock.nowMs();
    for (const queue of this.#queues) this.#schedule.makeDue(queue);
    this.#tick();
  }

  get state(): 'open' | 'busy' | 'full' {
    if (!this.#queues.isFull) return 'open';
    const drops = this.#options.config.tuning.delivery === 'AtMostOnce';
    return drops && this.#queues.isDiskFull ? 'full' : 'busy';
  }

  stream({ group, stream }: LogNames): OutputStream {
    const queue = this.#queues.use(group, stream);
    return new CloudWatchStream(queue, {
      queues: this.#queues,
      counts: this.#counts,
      nowMs: () => this.#options.clock.nowMs(),
      isFull: () => this.state === 'full',
      added: () => this.#added(queue),
    });
  }

  reject(reason: string, events: number): void {
    this.#counts.reject(reason, events);
  }

  get health(): string {
    return this.#counts.health;
  }

  report(): OutputReport {
    let events = 0;
    let bytes = 0;
    let sinceMs: number | undefined;
    for (const queue of this.#queues) {
      for (const batch of [...queue.sealed, ...(queue.open ? [queue.open] : [])]) {
        events += batch.events;
        bytes += batch.recordBytes;
      }
      const since = queue.sinceMs;
      if (since !== undefined && (sinceMs === undefined || since < sinceMs)) sinceMs = since;
    }
    return this.#counts.report({ events, bytes, sinceMs });
  }

  gauges(): OutputGauges {
    return {
      memoryBytes: this.#queues.memoryBytes,
      diskBytes: this.#queues.diskBytes,
      streams: this.#queues.size,
      requests: this.#counts.requests,
      errors: Object.fromEntries(this.#counts.errors),
    };
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.#draining = true;
    while (!signal.aborted && this.#hasHope()) {
      this.#wake();
      await this.#options.clock.sleep(tickMs / 4, signal).catch(() => {});
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    while (this.#underway > 0) await this.#options.clock.sleep(5);
    this.#options.disk?.close();
  }

  /** Whether something waits that has not failed again and again: that is for those who come after us. */
  #hasHope(): boolean {
    for (const queue of this.#queues) if (!queue.isEmpty && queue.failures < hopelessFailures) return true;
    return false;
  }

  /** A stream has got a line or a full batch. */
  #added(queue: StreamQueue): void {
    if (queue.failures > 0) this.#schedule.delay(queue, queue.retryAtMs);
    else if (queue.sealed.length > 0) {
      this.#schedule.makeDue(queue);
      this.#pump();
    } else if (queue.state === 'idle')
      this.#schedule.delay(queue, this.#options.clock.nowMs() + this.#options.lingerMs);
  }

  #tick(): void {
    if (this.#closed) return;
    this.#wake();
    this.#timer = this.#options.clock.after(tickMs, () => this.#tick());
  }

  #wake(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#spillWhenFull(nowMs);
    const isUrgent = this.#draining || this.#queues.memoryBytes > this.#queues.memoryBytesMax / 2;
    this.#schedule.wake(nowMs, isUrgent);
    this.#pump();
    if (nowMs < this.#retentionAtMs) return;
    this.#retentionAtMs = nowMs + retentionRetryMs;
    void this.#options.delivery.targets.retryRetention();
  }

  #spillWhenFull(nowMs: number): void {
    if (!this.#queues.isFull) {
      this.#fullSinceMs = undefined;
      return;
    }
    this.#fullSinceMs ??= nowMs;
    const sinceMs = Math.max(this.#fullSinceMs, this.#counts.lastDeliveredMs ?? 0);
    if (nowMs - sinceMs < spillAfterMs) return;
    if (this.#queues.spill()) this.#options.onRoom();
  }

  #pump(): void {
    while (!this.#closed && this.#underway < this.#limit.current && this.#mayRate()) {
      const queue = this.#schedule.take();
      if (!queue) return;
      if (queue.sealed.length === 0) this.#queues.seal(queue);
      const [batch] = queue.sealed;
      if (batch) void this.#send(queue, batch);
      else this.#finish(queue);
    }
  }

  async #send(queue: StreamQueue, batch: QueuedBatch): Promise<void> {
    const body = this.#queues.bodyOf(batch);
    if (!body) {
      this.#drop(queue, 'diskDamaged', batch.events);
      this.#finish(queue);
      return;
    }
    this.#underway += 1;
    this.#counts.requests += 1;
    this.#allowance -= batch.events;
    batch.isSending = true;
    if (batch.uncertain) this.#counts.retriedEvents += batch.events;
    try {
      const { group, name: stream } = queue;
      const outcome = await deliver(this.#options.delivery, { group, stream, body, events: batch.events });
      this.#settle(queue, { batch, body, outcome });
    } catch (error) {
      // An abort at the end of the process, or a bug: the batch stays where it is.
      if (!this.#closed) this.#options.logger.error({ error }, 'a batch could not be sent');
      this.#backOff(queue, undefined);
    } finally {
      batch.isSending = false;
      this.#underway -= 1;
    }
    this.#finish(queue);
    this.#pump();
  }

  #settle(
    queue: StreamQueue,
    {
      batch,
      body,
      outcome,
    }: { readonly batch: QueuedBatch; readonly body: Buffer; readonly outcome: Outcome },
  ): void {
    const nowMs = this.#options.clock.nowMs();
    if (outcome.kind === 'delivered') {
      queue.failures = 0;
      this.#limit.succeeded();
      this.#counts.recovered(queue.key);
      this.#counts.delivered(batch, outcome.rejections, nowMs);
      this.#remove(queue);
      return;
    }
    if (outcome.kind === 'invalid') {
      const { group, name: stream } = queue;
      this.#options.logger.warn({ group, stream, because: outcome.error.message }, 'a batch was refused');
      if (batch.events === 1) this.#drop(queue, 'invalid', 1);
      else this.#halve(queue, body);
      return;
    }
    const { error, failure, isUncertain } = outcome;
    if (isUncertain) batch.uncertain = true;
    if (failure.reason === 'Throttled') this.#limit.throttled(nowMs);
    this.#counts.failed(queue.key, failure);
    this.#warn(queue, failure);
    this.#backOff(queue, error.retryAfterMs);
  }

  /** One line for each reason and minute: thousands of streams may wait for the same. */
  #warn({ group, name: stream }: StreamQueue, failure: DeliveryFailure): void {
    const nowMs = this.#options.clock.nowMs();
    if (failure.reason === this.#warned.reason && nowMs - this.#warned.atMs < 60_000) return;
    this.#warned = { reason: failure.reason, atMs: nowMs };
    this.#options.logger.warn({ ...failure, group, stream }, 'batches wait');
  }

  #backOff(queue: StreamQueue, askedMs: number | undefined): void {
    const { config, random, clock } = this.#options;
    queue.failures += 1;
    queue.retryAtMs = clock.nowMs() + retryDelayMs(config.tuning, queue.failures, random, askedMs);
  }

  /** The stream has been sent or has failed: when is its next turn? */
  #finish(queue: StreamQueue): void {
    this.#schedule.finish(queue);
    if (queue.isEmpty) this.#queues.forgetIfUnused(queue);
    else if (queue.failures > 0) this.#schedule.delay(queue, queue.retryAtMs);
    else if (queue.sealed.length > 0 || this.#draining) this.#schedule.makeDue(queue);
    else this.#schedule.delay(queue, (queue.sinceMs ?? 0) + this.#options.lingerMs);
  }

  #halve(queue: StreamQueue, body: Buffer): void {
    const parts = halvesOf(body).map((half) => ({
      ...half,
      openedMs: this.#options.clock.nowMs(),
      batch: undefined,
      disk: undefined,
      uncertain: false,
      isSending: false,
    }));
    this.#queues.replace(queue, parts);
  }

  #drop(queue: StreamQueue, reason: string, events: number): void {
    this.#counts.reject(reason, events);
    this.#remove(queue);
  }

  #remove(queue: StreamQueue): void {
    const wasFull = this.#queues.isFull;
    this.#queues.remove(queue);
    if (wasFull && !this.#queues.isFull) this.#options.onRoom();
  }

  /** Whether the limit of records a second lets another batch go. */
  #mayRate(): boolean {
    const { config, clock } = this.#options;
    const rate = config.maxRecordsPerSecond;
    if (rate === undefined) return true;
    const nowMs = clock.nowMs();
    this.#allowance = Math.min(rate, this.#allowance + ((nowMs - this.#allowedAtMs) / 1000) * rate);
    this.#allowedAtMs = nowMs;
    return this.#allowance > 0;
  }
}
