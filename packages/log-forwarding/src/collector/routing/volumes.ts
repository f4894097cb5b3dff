// Bytes by namespace: as the containers wrote them, as they are sent, and what pruning would save.
import type { NamespaceReport } from '../../config/delivery-report.ts';

const reportedMax = 500;
const trackedMax = 20_000;

export class Volume {
  rawBytes = 0;
  sentBytes = 0;
  prunableBytes = 0;
  events = 0;

  report(): NamespaceReport {
    const { rawBytes, sentBytes, prunableBytes, events } = this;
    return { rawBytes, sentBytes, prunableBytes, events };
  }
}

export class Volumes {
  readonly #byNamespace = new Map<string, Volume>();

  /** The counters of a namespace, or of `_node` and `_audit`. */
  of(namespace: string): Volume {
    const known = this.#byNamespace.get(namespace);
    if (known) return known;
    if (this.#byNamespace.size >= trackedMax) this.#forgetSmallest();
    const added = new Volume();
    this.#byNamespace.set(namespace, added);
    return added;
  }

  get total(): Volume {
    const total = new Volume();
    for (const volume of this.#byNamespace.values()) {
      total.rawBytes += volume.rawBytes;
      total.sentBytes += volume.sentBytes;
      total.prunableBytes += volume.prunableBytes;
      total.events += volume.events;
    }
    return total;
  }

  *[Symbol.iterator](): Iterator<[string, Volume]> {
    yield* this.#byNamespace;
  }

  /** The largest. */
  report(): Record<string, NamespaceReport> {
    const sorted = [...this.#byNamespace].sort(([, left], [, right]) => right.rawBytes - left.rawBytes);
    return Object.fromEntries(sorted.slice(0, reportedMax).map(([name, volume]) => [name, volume.report()]));
  }

  #forgetSmallest(): void {
    const sorted = [...this.#byNamespace].sort(([, left], [, right]) => left.rawBytes - right.rawBytes);
    for (const [name] of sorted.slice(0, trackedMax / 10)) this.#byNamespace.delete(name);
  }
}
