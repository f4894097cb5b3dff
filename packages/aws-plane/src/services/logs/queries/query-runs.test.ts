import { fakeClock } from '@pergola/kernel';
import type { LogStore, QueryProgress, StoreQuery } from '@pergola/log-store';
import { describe, expect, it } from 'vitest';
import { QueryRuns } from './query-runs.ts';

const home = { account: '123456789012', region: 'us-east-1' };
const MINUTE_MS = 60_000;

/** A store whose queries end when the test says so. */
function openRuns() {
  const clock = fakeClock();
  const started: {
    query: StoreQuery;
    end: (progress: QueryProgress) => void;
    fail: (error: Error) => void;
  }[] = [];
  const failures: unknown[] = [];
  const query = (asked: StoreQuery) =>
    new Promise<QueryProgress>((resolve, reject) => {
      asked.signal.addEventListener('abort', () => reject(asked.signal.reason));
      started.push({ query: asked, end: resolve, fail: reject });
    });
  const events = { query } as unknown as LogStore;
  const runs = new QueryRuns({ events, clock, onFailure: (error) => failures.push(error) });
  let number = 0;
  const start = (at = home) => {
    const id = `q${++number}`;
    const context = { startMs: 0, endMs: 1, nowMs: 1 };
    runs.start({ id, home: at, caller: '', text: id, groups: [], context, createdMs: number });
    return id;
  };
  const statusOf = (id: string) => runs.find(home, id)?.status;
  return { runs, clock, started, failures, start, statusOf };
}
const progress = (recordsScanned: number, value = ''): QueryProgress => ({
  result: { rows: [[{ field: 'f', value }]], recordsMatched: 1 },
  recordsScanned,
  bytesScanned: 0,
});

describe('QueryRuns', () => {
  it('runs a few at a time and the others in their order', async () => {
    const { started, start, statusOf, runs } = openRuns();
    const ids = Array.from({ length: 6 }, () => start());
    expect(ids.map(statusOf)).toEqual([...Array(4).fill('Running'), 'Scheduled', 'Scheduled']);
    expect(runs.unfinished(home)).toBe(6);
    expect(runs.unfinished({ ...home, region: 'eu-west-1' })).toBe(0);
    started[1]?.end(progress(5));
    await expect.poll(() => statusOf('q5')).toBe('Running');
    expect(statusOf('q2')).toBe('Complete');
    expect(runs.find(home, 'q2')?.progress.recordsScanned).toBe(5);
    expect(statusOf('q6')).toBe('Scheduled');
    await runs.close();
  });

  it('shows what was found so far, and keeps it when the query is cancelled', async () => {
    const { started, start, statusOf, runs, failures } = openRuns();
    const id = start();
    started[0]?.query.onProgress?.(progress(3));
    expect(runs.find(home, id)?.progress.recordsScanned).toBe(3);
    expect(runs.cancel({ ...home, account: '210987654321' }, id)).toBe(false);
    expect(runs.cancel(home, id)).toBe(true);
    expect(started[0]?.query.signal.aborted).toBe(true);
    expect(statusOf(id)).toBe('Cancelled');
    expect(runs.cancel(home, id)).toBe(false);
    await runs.close();
    expect(runs.find(home, id)).toMatchObject({ status: 'Cancelled', progress: { recordsScanned: 3 } });
    expect(failures).toEqual([]);
  });

  it('never starts a query that was cancelled while it waited', async () => {
    const { started, start, statusOf, runs } = openRuns();
    for (let n = 0; n < 5; n++) start();
    runs.cancel(home, 'q5');
    started[0]?.end(progress(1));
    await expect.poll(() => statusOf('q1')).toBe('Complete');
    expect(started).toHaveLength(4);
    await runs.close();
  });

  it('ends a query after an hour', async () => {
    const { clock, start, statusOf, runs } = openRuns();
    const id = start();
    clock.advance(60 * MINUTE_MS);
    expect(statusOf(id)).toBe('Timeout');
    expect(runs.find(home, id)?.durationMs).toBe(60 * MINUTE_MS);
    await runs.close();
  });

  it('tells of a failure once', async () => {
    const { started, start, statusOf, failures } = openRuns();
    const id = start();
    const error = new Error('the worker is gone');
    started[0]?.fail(error);
    await expect.poll(() => statusOf(id)).toBe('Failed');
    expect(failures).toEqual([error]);
  });

  it('forgets what was read before what was not, and never what ends now', async () => {
    const { started, start, runs } = openRuns();
    const ids = [start(), start(), start()];
    const end = async (index: number) => {
      started[index]?.end(progress(1, 'x'.repeat(60 * 1_048_576)));
      await new Promise((resolve) => setImmediate(resolve));
    };
    const known = () => ids.filter((id) => runs.find(home, id));
    runs.noteRead(home, 'q2');
    await end(1);
    await end(2);
    runs.noteRead({ ...home, account: '210987654321' }, 'q2');
    runs.noteRead(home, 'q3');
    await end(0);
    expect(known()).toEqual(['q1', 'q2']);
    await runs.close();
  });

  it('forgets the oldest results when they are many or large, never the last', async () => {
    const { started, start, runs } = openRuns();
    /** One more query that has ended with this value. */
    const ended = async (value = '') => {
      const id = start();
      started.at(-1)?.end(progress(1, value));
      await new Promise((resolve) => setImmediate(resolve));
      return id;
    };
    const idsOf = () => runs.list(home).map(({ id }) => id);
    const large = 'x'.repeat(80 * 1_048_576);
    await ended(large);
    await ended();
    expect(idsOf()).toEqual(['q2', 'q1']);
    await ended(large);
    expect(idsOf()).toEqual(['q3', 'q2']);
    await ended(large.repeat(2));
    expect(idsOf()).toEqual(['q4']);
    for (let n = 0; n < 1_001; n++) await ended();
    expect(idsOf()).toHaveLength(1_000);
    await runs.close();
  });
});
