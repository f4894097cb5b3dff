// A Logs Insights query over the groups of both workloads, drawn as a chart.
import { systemClock } from '@pergola/kernel';
import { type QueryState, readQuery, startQuery } from '../../logs/logs-api.ts';
import { renderChart } from '../../output/query-chart.ts';
import { type Proof, prove } from '../step.ts';
import { until } from '../until.ts';
import { workloads } from './arrival.ts';
import { groupOf, type LogsScene } from './scene.ts';
import { lineCount } from './workload.ts';

export async function proveQuery(scene: LogsScene): Promise<Proof> {
  const { aws, run, screen, startedMs } = scene;
  const titles = workloads(scene)
    .map(({ title }) => title)
    .join('|');
  const text = [
    `filter message like /run=${run} job=(${titles})/`,
    'stats count(*) as lines by bin(100ms), kubernetes.namespace_name',
    'sort lines desc',
  ].join(' | ');
  const queryId = await startQuery(aws, {
    text,
    startMs: startedMs,
    endMs: systemClock.nowMs() + 1_000,
    groups: workloads(scene).map(({ namespace }) => groupOf(scene, namespace)),
  });
  const state = await until({ what: 'the query has not ended' }, async () => {
    const now = await readQuery(aws, queryId);
    return now.status === 'Running' || now.status === 'Scheduled' ? now.status : now;
  });
  prove(state.status === 'Complete', `the query ended as ${state.status}`);
  const total = sumOf(state, 'lines');
  const written = workloads(scene).reduce((sum, writing) => sum + lineCount(writing), 0);
  prove(total === written, `the query counted ${total} lines, and ${written} were written`);
  const chart = renderChart({ ...screen, columns: screen.columns - 6 }, state.rows) ?? '';
  return {
    seen: `${total} lines counted among ${state.recordsScanned} events`,
    details: [text, ...chart.split('\n')],
  };
}

function sumOf({ rows }: QueryState, field: string): number {
  return rows.reduce((sum, row) => sum + Number(row.get(field) ?? 0), 0);
}
