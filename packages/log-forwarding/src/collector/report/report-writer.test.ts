import { setImmediate as settled } from 'node:timers/promises';
import { fakeClock, silentLogger } from '@pergola/kernel';
import { KubeApiError, type KubeClient } from '@pergola/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryReport, OutputReport } from '../../config/delivery-report.ts';
import { ReportWriter } from './report-writer.ts';

const quiet: OutputReport = {
  deliveredEvents: 0,
  deliveredBytes: 0,
  backlogEvents: 0,
  backlogBytes: 0,
  rejectedEvents: {},
  retriedEvents: 0,
};

let clock: ReturnType<typeof fakeClock>;
let startMs: number;
let health: string[];
let namespaces: Record<string, number>;
let output: Partial<OutputReport>;
let apiFails: boolean;
/** Milliseconds after the start at which a report was written. */
let written: number[];
let end: AbortController;
let done: Promise<void>;

beforeEach(() => {
  clock = fakeClock();
  startMs = clock.nowMs();
  health = ['cw idle'];
  namespaces = { shop: 0, _audit: 0 };
  output = {};
  apiFails = false;
  written = [];
  end = new AbortController();
  const client = {
    patch: async () => {
      if (apiFails) throw new KubeApiError(500, 'InternalError', 'no');
      written.push(clock.nowMs() - startMs);
    },
  } as unknown as KubeClient;
  const report = (): Omit<DeliveryReport, 'writtenAt'> => ({
    version: 1,
    node: 'n',
    outputs: { cw: { ...quiet, ...output } },
    namespaces: Object.fromEntries(
      Object.entries(namespaces).map(([name, events]) => [
        name,
        { events, rawBytes: events, sentBytes: events, prunableBytes: 0 },
      ]),
    ),
  });
  const names = { namespace: 'openshift-logging', collectorName: 'collector', nodeName: 'n' };
  const parts = { client, clock, logger: silentLogger, report, health: () => health, routineMs: 30_000 };
  done = new ReportWriter({ ...names, ...parts }).run(end.signal);
});
afterEach(async () => {
  end.abort();
  await done;
});

/** Lets the time pass in the steps in which the writer looks. */
async function pass(seconds: number, each: () => void = () => {}): Promise<void> {
  for (let step = 0; step < seconds * 10; step++) {
    each();
    clock.advance(100);
    await settled();
  }
}

describe('a report', () => {
  it('waits for the first delivery a moment, and no longer', async () => {
    await pass(5);
    expect(written).toEqual([2_100]);
  });

  it('is written at once when an output delivers first, begins to fail, and recovers', async () => {
    await pass(0.5);
    health = ['cw delivers'];
    await pass(0.2);
    health = ['cw logs:PutLogEvents AccessDenied'];
    await pass(10);
    health = ['cw delivers'];
    await pass(1);
    expect(written).toEqual([600, 800, 10_800]);
  });

  it('of a failure does not wait for another output that has nothing to deliver', async () => {
    health = ['audit idle', 'cw idle'];
    await pass(10);
    health = ['audit idle', 'cw logs:PutLogEvents AccessDenied'];
    await pass(1);
    expect(written).toEqual([2_100, 10_100]);
  });

  it('tells of a wavering output now and then', async () => {
    await pass(60, () => {
      health = [health[0] === 'cw delivers' ? 'cw logs:PutLogEvents Throttled' : 'cw delivers'];
    });
    expect(written.length).toBeGreaterThan(10);
    expect(written.length).toBeLessThan(35);
  });

  it('tells of counts every half minute', async () => {
    health = ['cw delivers'];
    await pass(95, () => {
      namespaces['shop'] = (namespaces['shop'] ?? 0) + 1;
    });
    expect(written).toEqual([100, 30_100, 60_100, 90_100]);
  });

  it('rests when only audit logs were delivered, of which it is one', async () => {
    health = ['cw delivers'];
    await pass(301, () => {
      namespaces['_audit'] = written.length;
      output = { deliveredEvents: written.length, lastDelivered: String(written.length) };
    });
    expect(written).toEqual([100, 300_100]);
  });

  it('does not leave a backlog standing that has gone', async () => {
    health = ['cw delivers'];
    output = { backlogEvents: 1, backlogSince: '2026-01-01T00:00:00Z' };
    await pass(1);
    output = {};
    await pass(99);
    expect(written).toEqual([100, 30_100]);
  });

  it('that could not be written is made up for', async () => {
    apiFails = true;
    health = ['cw delivers'];
    await pass(3);
    apiFails = false;
    await pass(30);
    expect(written).toEqual([4_100]);
  });
});
