// The collector's metrics in the Prometheus text format: under the names that dashboards and alerts of the real one
// use, and some of its own.
import type { OutputReport } from '../../config/delivery-report.ts';
import type { OutputGauges } from '../outputs/output.ts';
import type { Volumes } from '../routing/volumes.ts';
import type { SourceCounts } from './source-counts.ts';

/** Namespaces that have a line of their own; the others are in the sums. */
const namespacesMax = 1000;

export interface MetricsState {
  readonly outputs: readonly {
    readonly name: string;
    readonly report: OutputReport;
    readonly gauges: OutputGauges;
  }[];
  readonly volumes: Volumes;
  readonly counts: SourceCounts;
  readonly logs: number;
  readonly unreadBytes: number;
  readonly lostBytes: number;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [Labels, number];
type AddMetric = (name: string, type: 'counter' | 'gauge', samples: readonly Sample[]) => void;
type OutputValue = (output: MetricsState['outputs'][number]) => number;

/** The exposition text. */
export function renderMetrics(state: MetricsState): string {
  const { volumes, outputs } = state;
  const source = {
    component_id: 'input_container',
    component_kind: 'source',
    component_type: 'kubernetes_logs',
  };
  const { total } = volumes;
  const lines: string[] = [];
  const add: AddMetric = (name, type, samples) => {
    lines.push(`# TYPE ${name} ${type}`);
    for (const [labels, value] of samples) lines.push(`${name}${renderLabels(labels)} ${value}`);
  };
  const each = (value: OutputValue): Sample[] =>
    outputs.map((output) => [sinkLabels(output.name), value(output)]);
  add('vector_component_received_events_total', 'counter', [
    [source, total.events],
    ...each(({ report }) => report.deliveredEvents + report.backlogEvents),
  ]);
  add('vector_component_received_bytes_total', 'counter', [[source, total.rawBytes]]);
  add(
    'vector_component_sent_events_total',
    'counter',
    each(({ report }) => report.deliveredEvents),
  );
  add(
    'vector_component_sent_bytes_total',
    'counter',
    each(({ report }) => report.deliveredBytes),
  );
  add('vector_component_discarded_events_total', 'counter', discarded(state));
  add('vector_component_errors_total', 'counter', errors(state));
  add('vector_buffer_byte_size', 'gauge', [...each(({ gauges }) => gauges.diskBytes + gauges.memoryBytes)]);
  add(
    'vector_buffer_events',
    'gauge',
    each(({ report }) => report.backlogEvents),
  );
  addOwn(add, state, each);
  return `${lines.join('\n')}\n`;
}

/** What only this collector tells, and the volumes by namespace. */
function addOwn(add: AddMetric, state: MetricsState, each: (value: OutputValue) => Sample[]): void {
  const { volumes, counts } = state;
  add(
    'log_logged_bytes_total',
    'counter',
    namespaceSamples(volumes, ({ rawBytes }) => rawBytes),
  );
  add(
    'pergola_collector_sent_bytes_total',
    'counter',
    namespaceSamples(volumes, ({ sentBytes }) => sentBytes),
  );
  add(
    'pergola_collector_prunable_bytes_total',
    'counter',
    namespaceSamples(volumes, (v) => v.prunableBytes),
  );
  add(
    'pergola_collector_retried_events_total',
    'counter',
    each(({ report }) => report.retriedEvents),
  );
  add(
    'pergola_collector_requests_total',
    'counter',
    each(({ gauges }) => gauges.requests),
  );
  add(
    'pergola_collector_streams',
    'gauge',
    each(({ gauges }) => gauges.streams),
  );
  add('pergola_collector_logs', 'gauge', [[{}, state.logs]]);
  add('pergola_collector_unread_bytes', 'gauge', [[{}, state.unreadBytes]]);
  add('pergola_collector_lost_bytes_total', 'counter', [[{}, state.lostBytes]]);
  add('pergola_collector_truncated_files_total', 'counter', [[{}, counts.truncatedFiles]]);
  add('pergola_collector_refused_configs_total', 'counter', [[{}, counts.refusedConfigs]]);
  const malformed = [...counts.malformedLines].map(([kind, lineCount]): Sample => [{ kind }, lineCount]);
  add('pergola_collector_malformed_lines_total', 'counter', malformed);
}

function sinkLabels(name: string): Labels {
  return { component_id: `output_${name}`, component_kind: 'sink', component_type: 'aws_cloudwatch_logs' };
}

function discarded({ outputs }: MetricsState): Sample[] {
  return outputs.flatMap(({ name, report }) =>
    Object.entries(report.rejectedEvents).map(
      ([reason, events]): Sample => [{ ...sinkLabels(name), intentional: 'false', reason }, events],
    ),
  );
}

function errors({ outputs }: MetricsState): Sample[] {
  return outputs.flatMap(({ name, gauges }) =>
    Object.entries(gauges.errors).map(
      ([reason, count]): Sample => [{ ...sinkLabels(name), error_type: reason, stage: 'sending' }, count],
    ),
  );
}

function namespaceSamples(
  volumes: Volumes,
  value: (volume: { rawBytes: number; sentBytes: number; prunableBytes: number }) => number,
): Sample[] {
  return [...volumes].slice(0, namespacesMax).map(([namespace, volume]) => [{ namespace }, value(volume)]);
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
