// The conditions of one reconciliation: begun empty, as ACK does, and compared with what stands in the status at the end.
import { conditionTypes, messages } from './names.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}

type Words = Pick<Condition, 'message' | 'reason'>;

export class Conditions {
  /** By type, but for advisories, of which there may be several, by reason. */
  readonly #conditions = new Map<string, Condition>();

  set(type: string, status: Condition['status'], words: Words = {}): void {
    const key = type === conditionTypes.advisory ? `${type}/${words.reason ?? ''}` : type;
    this.#conditions.set(key, { type, status, ...words });
  }

  get(type: string): Condition | undefined {
    return this.#conditions.get(type);
  }

  advise(reason: string, message: string): void {
    this.set(conditionTypes.advisory, 'True', { reason, message });
  }

  /** All of them, with `Ready`, which follows from the others, and the times of those that have not changed. */
  list(before: readonly Condition[], nowMs: number): Condition[] {
    if (!this.#conditions.has(conditionTypes.synced)) {
      this.set(conditionTypes.synced, 'False', { message: messages.notSynced });
    }
    this.#conditions.set(conditionTypes.ready, this.#ready());
    const now = timestamp(nowMs);
    return [...this.#conditions.values()]
      .toSorted((left, right) => left.type.localeCompare(right.type))
      .map((condition) => {
        const same = before.find(
          ({ type, reason }) =>
            type === condition.type && (type !== conditionTypes.advisory || reason === condition.reason),
        );
        const since = same?.status === condition.status ? same.lastTransitionTime : undefined;
        return { lastTransitionTime: since ?? now, ...condition };
      });
  }

  #ready(): Condition {
    const type = conditionTypes.ready;
    for (const cause of [conditionTypes.terminal, conditionTypes.recoverable]) {
      const condition = this.#conditions.get(cause);
      if (condition?.status === 'True')
        return { type, status: 'False', reason: cause, ...messageIn(condition) };
    }
    const synced = this.#conditions.get(conditionTypes.synced);
    return { status: 'Unknown', ...synced, type };
  }
}

function messageIn({ message }: Condition): Words {
  return message === undefined ? {} : { message };
}

/** RFC 3339 to the second, as Kubernetes writes times. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function hasCondition(status: unknown, type: string): boolean {
  return conditionsOf(status).some((condition) => condition.type === type && condition.status === 'True');
}

/** The conditions that a status carries. */
export function conditionsOf(status: unknown): readonly Condition[] {
  const list = (status as { readonly conditions?: unknown } | undefined)?.conditions;
  return Array.isArray(list) ? (list as Condition[]) : [];
}
