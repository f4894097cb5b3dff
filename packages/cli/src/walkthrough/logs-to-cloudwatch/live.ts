// A live tail: lines are seen as they arrive.
import { systemClock } from '@pergola/kernel';
import { liveEventsOf, openLiveTail } from '../../logs/logs-api.ts';
import { findGroups } from '../../logs/find-groups.ts';
import { NotProved, type Proof } from '../step.ts';
import { groupOf, type LogsScene } from './scene.ts';
import { lineCount, markOf, startWriting, type Writing } from './workload.ts';

const TAIL_MS = 20_000;

export async function proveLiveTail(scene: LogsScene): Promise<Proof> {
  const writing: Writing = {
    namespace: scene.names.shop,
    title: 'live',
    level: 'info',
    bursts: [2, 2, 2],
  };
  const stop = new AbortController();
  const timer = systemClock.after(TAIL_MS, () =>
    stop.abort(new NotProved('the live tail showed too little')),
  );
  try {
    const delaysMs = await tailUntilDone(scene, writing, stop.signal);
    const sorted = delaysMs.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1] ?? 0;
    return {
      seen: `${delaysMs.length} new lines came through a live tail, ${median} ms after they were written (median)`,
      details: [`the fastest ${sorted[0]} ms, the slowest ${sorted.at(-1)} ms`],
    };
  } finally {
    timer.cancel();
    stop.abort(new Error('done'));
  }
}

/** Milliseconds from each line's own time to its arrival here. */
async function tailUntilDone(scene: LogsScene, writing: Writing, signal: AbortSignal): Promise<number[]> {
  const groups = await findGroups(scene.aws, [groupOf(scene, writing.namespace)]);
  const pattern = JSON.stringify(markOf(scene, writing.title));
  const stream = await openLiveTail(scene.aws, { groups, pattern }, signal);
  const delaysMs: number[] = [];
  for await (const { type, body } of stream) {
    if (type === 'sessionStart') await startWriting(scene, writing);
    if (type !== 'sessionUpdate') continue;
    const nowMs = systemClock.nowMs();
    delaysMs.push(...liveEventsOf(body).events.map(({ timestampMs }) => nowMs - timestampMs));
    if (delaysMs.length >= lineCount(writing)) break;
  }
  return delaysMs;
}
