// The audit trail: the last calls with every check that led to their answers. `explain` and the console read it.
import type { Step } from '@pergola/kernel';

/** One answered call. */
export interface RecordedCall {
  readonly requestId: string;
  /** When the request arrived. */
  readonly atMs: number;
  /** Service and operation by their wire names; empty when the request could not be routed. */
  readonly service: string;
  readonly operation: string;
  /** ARN of the caller, or `anonymous`. */
  readonly principal: string;
  /** ARNs that policies were asked about, in order. */
  readonly resources: readonly string[];
  readonly status: number;
  /** The wire code of the error answer; absent when the call succeeded. */
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** Built when read: a call that nobody asks about pays nothing for them. */
  readonly steps: readonly Step[];
}

export interface ListRecords {
  readonly limit: number;
  /** Only calls of this principal ARN. */
  readonly principal?: string | undefined;
  readonly failedOnly?: boolean | undefined;
}

/** The last `capacity` calls, found by request id or listed from the newest. */
export class CallRecords {
  readonly #capacity: number;
  readonly #ring: RecordedCall[] = [];
  readonly #byId = new Map<string, RecordedCall>();
  #next = 0;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  append(call: RecordedCall): void {
    const forgotten = this.#ring[this.#next];
    if (forgotten) this.#byId.delete(forgotten.requestId);
    this.#ring[this.#next] = call;
    this.#byId.set(call.requestId, call);
    this.#next = (this.#next + 1) % this.#capacity;
  }

  find(requestId: string): RecordedCall | undefined {
    return this.#byId.get(requestId);
  }

  /** Newest first. */
  list(options: ListRecords): readonly RecordedCall[] {
    const found: RecordedCall[] = [];
    for (let back = 1; back <= this.#ring.length && found.length < options.limit; back++) {
      const call = this.#ring[(this.#next - back + this.#capacity) % this.#capacity];
      if (!call) break;
      if (options.principal !== undefined && call.principal !== options.principal) continue;
      if (options.failedOnly && call.status < 400) continue;
      found.push(call);
    }
    return found;
  }
}
