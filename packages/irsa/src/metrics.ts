// The webhook's metrics in the Prometheus text format, under the names that the original uses.

const latencyBucketsUs = Array.from({ length: 7 }, (_, index) => 125_000 * 2 ** index);

interface Latency {
  count: number;
  sumUs: number;
  readonly buckets: number[];
}

/** Counts requests and mutations. Labels come from closed sets, so it cannot grow without end. */
export class WebhookMetrics {
  readonly #requests = new Map<string, number>();
  readonly #latencies = new Map<string, Latency>();
  #mutatedPods = 0;
  #missingAccounts = 0;

  /** One answered request of the mutation path. */
  observe(verb: string, path: string, outcome: { readonly code: number; readonly elapsedMs: number }): void {
    const labels = `verb="${verb}",path="${path}"`;
    const counted = `${labels},code="${outcome.code}"`;
    this.#requests.set(counted, (this.#requests.get(counted) ?? 0) + 1);
    const latency = this.#latencies.get(labels) ?? {
      count: 0,
      sumUs: 0,
      buckets: latencyBucketsUs.map(() => 0),
    };
    this.#latencies.set(labels, latency);
    const elapsedUs = outcome.elapsedMs * 1000;
    latency.count++;
    latency.sumUs += elapsedUs;
    latencyBucketsUs.forEach((limit, index) => {
      if (elapsedUs <= limit) latency.buckets[index] = (latency.buckets[index] ?? 0) + 1;
    });
  }

  podMutated(): void {
    this.#mutatedPods++;
  }

  accountMissing(): void {
    this.#missingAccounts++;
  }

  /** The exposition text. `used`: whether any ServiceAccount names a role. */
  render(used: boolean): string {
    const histogram: string[] = [];
    const summary: string[] = [];
    for (const [labels, { buckets, count, sumUs }] of this.#latencies) {
      buckets.forEach((value, index) => {
        histogram.push(`http_request_latencies_bucket{${labels},le="${latencyBucketsUs[index]}"} ${value}`);
      });
      histogram.push(`http_request_latencies_bucket{${labels},le="+Inf"} ${count}`);
      histogram.push(`http_request_latencies_sum{${labels}} ${sumUs}`);
      histogram.push(`http_request_latencies_count{${labels}} ${count}`);
      summary.push(`http_request_duration_microseconds_sum{${labels}} ${sumUs}`);
      summary.push(`http_request_duration_microseconds_count{${labels}} ${count}`);
    }
    return [
      '# TYPE http_request_count counter',
      ...[...this.#requests].map(([labels, count]) => `http_request_count{${labels}} ${count}`),
      '# TYPE http_request_latencies histogram',
      ...histogram,
      '# TYPE http_request_duration_microseconds summary',
      ...summary,
      '# TYPE pod_identity_webhook_used gauge',
      `pod_identity_webhook_used ${used ? 1 : 0}`,
      '# TYPE pod_identity_webhook_pod_count counter',
      `pod_identity_webhook_pod_count{method="sts_web_identity"} ${this.#mutatedPods}`,
      '# TYPE pod_identity_webhook_missing_sa_count counter',
      `pod_identity_webhook_missing_sa_count ${this.#missingAccounts}`,
      '',
    ].join('\n');
  }
}
