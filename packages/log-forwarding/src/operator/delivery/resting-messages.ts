// Keeps a condition's message while nothing new happens: each try has a request of its own, and of several streams that
// fail now this one is named, now that one.
import { LruMap } from '@pergola/kernel';
import type { Condition, NewCondition } from '../conditions.ts';

/** The same call that goes on failing is described anew at most so often. */
const restMs = 30_000;
const rememberedMax = 10_000;

export class RestingMessages {
  /** When a message was last written, by what it belongs to. */
  readonly #writtenMs = new LruMap<string, number>(rememberedMax);

  /** `condition`, with the message of the one `before` as long as that says enough. `key` tells conditions apart. */
  settle(
    condition: NewCondition,
    before: readonly Condition[] | undefined,
    { key, nowMs }: { readonly key: string; readonly nowMs: number },
  ): NewCondition {
    const same = before?.find(
      ({ type, status, reason }) =>
        type === condition.type && status === condition.status && reason === condition.reason,
    );
    const [old, next] = [same?.message, condition.message ?? ''];
    if (old !== undefined) {
      const rests = nowMs - (this.#writtenMs.get(key) ?? Number.NEGATIVE_INFINITY) < restMs;
      // The request that is shown can still be explained.
      if (withoutRequest(old) === withoutRequest(next) || (rests && callOf(old) === callOf(next))) {
        return { ...condition, message: old };
      }
    }
    this.#writtenMs.set(key, nowMs);
    return condition;
  }
}

function withoutRequest(message: string): string {
  return message.replace(/; request [\w-]+$/, '');
}

/** Output, node, beginning, operation and reason. */
function callOf(message: string): string {
  return message.split('; ', 1)[0] ?? '';
}
