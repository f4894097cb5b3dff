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

/** What all remembered calls may take together, by the estimates that they come with. */
const SIZE_BYTES_MAX = 64 * 1_048_576;

interface Entry {
  readonly call: RecordedCall;
  readonly sizeBytes: number;
}

/** The last `capacity` calls, or fewer when they are large; found by request id or listed from the newest. */
export class CallRecords {
  readonly #capacity: number;
  readonly #ring: (Entry | undefined)[] = [];
  readonly #byId = new Map<string, RecordedCall>();
  /** Calls are numbered as they come; the ring holds those from `#oldest` up to `#next`. */
  #oldest = 0;
  #next = 0;
  #sizeBytes = 0;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** `sizeBytes`: about what `call` keeps in memory. */
  append(call: RecordedCall, sizeBytes = 0): void {
    if (this.#next - this.#oldest === this.#capacity) this.#forgetOldest();
    this.#ring[this.#next % this.#capacity] = { call, sizeBytes };
    this.#byId.set(call.requestId, call);
    this.#next++;
    this.#sizeBytes += sizeBytes;
    while (this.#sizeBytes > SIZE_BYTES_MAX && this.#next - this.#oldest > 1) this.#forgetOldest();
  }

  find(requestId: string): RecordedCall | undefined {
    return this.#byId.get(requestId);
  }

  /** Newest first. */
  list(options: ListRecords): readonly RecordedCall[] {
    const found: RecordedCall[] = [];
    for (let at = this.#next - 1; at >= this.#oldest && found.length < options.limit; at--) {
      const call = this.#ring[at % this.#capacity]?.call;
      if (!call) break;
      if (options.principal !== undefined && call.principal !== options.principal) continue;
      if (options.failedOnly && call.status < 400) continue;
      found.push(call);
    }
    return found;
  }

  #forgetOldest(): void {
    const slot = this.#oldest % this.#capacity;
    const entry = this.#ring[slot];
    this.#oldest++;
    if (!entry) return;
    this.#ring[slot] = undefined;
    this.#byId.delete(entry.call.requestId);
    this.#sizeBytes -= entry.sizeBytes;
  }
}
