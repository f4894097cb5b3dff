// Makes groups and streams when PutLogEvents says that they are not there: once for all streams that wait for the same
// group, and again when somebody deleted them.
import { AwsError } from '@pergola/aws-client';
import type { Logger } from '@pergola/kernel';
import type { LogsApi } from './logs-api.ts';

export class LogTargets {
  readonly #api: LogsApi;
  readonly #logger: Logger;
  readonly #groupsUnderway = new Map<string, Promise<void>>();
  /** Groups that we made and whose retention could not be set. */
  readonly #withoutRetention = new Set<string>();

  constructor(api: LogsApi, logger: Logger) {
    this.#api = api;
    this.#logger = logger;
  }

  /** Makes the stream, and its group when that is missing. Throws CreationError. */
  async create(group: string, stream: string): Promise<void> {
    try {
      await this.#createStream(group, stream);
    } catch (error) {
      if (!(error instanceof CreationError) || error.error.code !== 'ResourceNotFoundException') throw error;
      await this.#createGroup(group);
      await this.#createStream(group, stream);
    }
  }

  /** Tries again what could not be set; called now and then. */
  async retryRetention(): Promise<void> {
    for (const group of this.#withoutRetention) await this.#setRetention(group);
  }

  async #createStream(group: string, stream: string): Promise<void> {
    await unlessThere(() => this.#api.createLogStream(group, stream), 'logs:CreateLogStream');
  }

  #createGroup(group: string): Promise<void> {
    const underway = this.#groupsUnderway.get(group);
    if (underway) return underway;
    const made = this.#makeGroup(group).finally(() => this.#groupsUnderway.delete(group));
    this.#groupsUnderway.set(group, made);
    return made;
  }

  async #makeGroup(group: string): Promise<void> {
    const isNew = await unlessThere(() => this.#api.createLogGroup(group), 'logs:CreateLogGroup');
    if (isNew) await this.#setRetention(group);
  }

  /** Logs are delivered without retention too, so its failure holds nothing up. */
  async #setRetention(group: string): Promise<void> {
    try {
      await this.#api.putRetentionPolicy(group);
      this.#withoutRetention.delete(group);
    } catch (error) {
      if (this.#withoutRetention.size < 10_000) this.#withoutRetention.add(group);
      const because = error instanceof Error ? error.message : String(error);
      this.#logger.warn({ group, because }, 'the retention of a log group could not be set');
    }
  }
}

/** A call failed that had to be made before the events could be sent. */
export class CreationError extends Error {
  override readonly name = 'CreationError';
  readonly operation: string;
  readonly error: AwsError;

  constructor(operation: string, error: AwsError) {
    super(error.message, { cause: error });
    this.operation = operation;
    this.error = error;
  }
}

/** True when it was made now, false when somebody else made it before. */
async function unlessThere(create: () => Promise<void>, operation: string): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'ResourceAlreadyExistsException') return false;
    throw new CreationError(operation, error);
  }
}
