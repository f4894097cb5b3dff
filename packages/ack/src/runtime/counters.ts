// What the controller counts, and how Prometheus reads it: ACK's own metrics by their names, and Pergola's.

type Labels = Readonly<Record<string, string>>;

/** A family of numbers with labels. Its size is bounded by the operations and kinds that there are. */
class Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly #values = new Map<string, number>();

  constructor(name: string, type: 'counter' | 'gauge', help: string) {
    this.name = name;
    this.type = type;
    this.help = help;
  }

  add(labels: Labels, amount = 1): void {
    const key = render(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }

  text(): string {
    const lines = [...this.#values].map(([labels, value]) => `${this.name}{${labels}} ${value}`);
    return [`# HELP ${this.name} ${this.help}`, `# TYPE ${this.name} ${this.type}`, ...lines].join('\n');
  }

  total(labels: Labels = {}): number {
    const wanted = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    let total = 0;
    for (const [key, value] of this.#values) if (wanted.every((each) => key.includes(each))) total += value;
    return total;
  }
}

function render(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll(/["\\\n]/g, '_')}"`)
    .join(',');
}

export class Counters {
  readonly #requests = new Family(
    'ack_outbound_api_requests_total',
    'counter',
    'Calls made to AWS, by service, type and operation.',
  );
  readonly #errors = new Family(
    'ack_outbound_api_requests_error_total',
    'counter',
    'Calls that AWS refused, by service, operation and HTTP status; 0 means that no answer came.',
  );
  readonly #runs = new Family(
    'pergola_ack_reconciles_total',
    'counter',
    'Reconciliations, by kind and result.',
  );
  readonly #seconds = new Family(
    'pergola_ack_reconcile_seconds_total',
    'counter',
    'Time spent in reconciliations, by kind.',
  );
  readonly #writes = new Family(
    'pergola_ack_kubernetes_writes_total',
    'counter',
    'Writes to resources in Kubernetes, by kind and part.',
  );

  requested(service: string, opType: string, opId: string): void {
    this.#requests.add({ service, op_type: opType, op_id: opId });
  }

  refused(service: string, opId: string, status: number): void {
    this.#errors.add({ service, op_id: opId, status_code: String(status) });
  }

  reconciled(kind: string, result: string, ms: number): void {
    this.#runs.add({ kind, result });
    this.#seconds.add({ kind }, ms / 1000);
  }

  wrote(kind: string, part: 'metadata' | 'status'): void {
    this.#writes.add({ kind, part });
  }

  /** Calls made to AWS so far. */
  get requests(): number {
    return this.#requests.total();
  }

  /** Writes to Kubernetes so far. */
  get writes(): number {
    return this.#writes.total();
  }

  /** In Prometheus' text format. */
  text(): string {
    const families = [this.#requests, this.#errors, this.#runs, this.#seconds, this.#writes];
    return `${families.map((family) => family.text()).join('\n')}\n`;
  }
}
