import * as fc from 'fast-check';
import type { KubeResource } from '@pergola/kube-client';
import { describe, expect, test } from 'vitest';
import type { DeliveryFailure, DeliveryReport, OutputReport } from '../../config/delivery-report.ts';
import { collectorState } from './collector-state.ts';
import { backlog, delivering, deliveringOutput, lastDelivered, rejected } from './delivery-conditions.ts';
import { explanationOf } from './explanation.ts';
import { parseReport, sortReports } from './node-reports.ts';
import { deliveryOf } from './output-delivery.ts';

const nowMs = Date.parse('2026-11-27T18:10:00Z');
const quiet: OutputReport = {
  deliveredEvents: 0,
  deliveredBytes: 0,
  backlogEvents: 0,
  backlogBytes: 0,
  rejectedEvents: {},
  retriedEvents: 0,
};
const reportOf = (node: string, output: Partial<OutputReport>): DeliveryReport => ({
  version: 1,
  node,
  writtenAt: '2026-11-27T18:09:59Z',
  namespaces: {},
  outputs: { cw: { ...quiet, ...output } },
});
const denied: DeliveryFailure = {
  since: '2026-11-27T18:00:00Z',
  reason: 'AccessDenied',
  message: 'User: x is not authorized to perform: logs:PutLogEvents.',
  operation: 'logs:PutLogEvents',
  requestId: 'r-1',
  link: 'P1',
  evidence: { other: 'o', role: 'arn:role', action: 'logs:PutLogEvents' },
  fix: 'aws iam put-role-policy …',
};
const stateOf = (...reports: DeliveryReport[]) =>
  deliveringOutput('Delivering', deliveryOf('cw', reports), undefined);

describe('delivering', () => {
  test('nothing reported, nothing sent, delivered', () => {
    expect(stateOf()).toMatchObject({ status: 'Unknown', reason: 'NoReports' });
    expect(stateOf(reportOf('a', {}))).toMatchObject({ status: 'Unknown', reason: 'NothingDelivered' });
    expect(stateOf(reportOf('a', { lastDelivered: '2026-11-27T18:09:00Z' }), reportOf('b', {}))).toEqual({
      type: 'Delivering',
      status: 'True',
      reason: 'LogsDelivered',
      message: 'output "cw" delivers',
    });
  });

  test('one node that fails is enough, and the denial is explained', () => {
    const condition = stateOf(reportOf('a', { lastDelivered: 'x' }), reportOf('b', { failure: denied }));
    expect(condition).toMatchObject({ status: 'False', reason: 'AccessDenied' });
    expect(condition.message).toBe(
      'output "cw" does not deliver on 1 of 2 nodes, the first b since 2026-11-27T18:00:00Z: logs:PutLogEvents: AccessDenied; the answer was: User: x is not authorized to perform: logs:PutLogEvents; action logs:PutLogEvents, role arn:role, other o; broken link of the trust chain: P1; to mend it: aws iam put-role-policy …; request r-1',
    );
  });

  test('a reason is a word whatever was reported, and an explanation needs little', () => {
    expect(stateOf(reportOf('a', { failure: { ...denied, reason: '403 no' } })).reason).toBe(
      'DeliveryFailed',
    );
    expect(stateOf(reportOf('a', { failure: { ...denied, reason: 'Access Denied!' } })).reason).toBe(
      'AccessDenied',
    );
    expect(
      explanationOf({ since: '', reason: 'Unreachable', message: '', operation: 'logs:PutLogEvents' }),
    ).toBe('logs:PutLogEvents: Unreachable');
  });

  test('of several outputs the worst counts', () => {
    const good = { type: 'a', status: 'True', reason: 'r' } as const;
    const bad = { type: 'b', status: 'False', reason: 'AccessDenied' } as const;
    const open = { type: 'c', status: 'Unknown', reason: 'NoReports' } as const;
    expect(delivering('Delivering', [good, open, bad])).toEqual({ ...bad, type: 'Delivering' });
    expect(delivering('Delivering', [good, open])).toEqual({ ...open, type: 'Delivering' });
    expect(delivering('Delivering', [good, good])).toMatchObject({
      status: 'True',
      message: 'all outputs deliver',
    });
  });
});

test('times are cut and sizes to one digit, so that a status rests', () => {
  const early = deliveryOf('cw', [
    reportOf('a', {
      lastDelivered: '2026-11-27T18:08:59Z',
      backlogEvents: 12_345,
      backlogSince: '2026-11-27T18:01:07Z',
    }),
    reportOf('b', { lastDelivered: '2026-11-27T18:09:01Z', backlogBytes: 1_499_999 }),
  ]);
  const later = deliveryOf('cw', [
    reportOf('a', {
      lastDelivered: '2026-11-27T18:09:48Z',
      backlogEvents: 11_999,
      backlogSince: '2026-11-27T18:01:55Z',
    }),
    reportOf('b', { backlogBytes: 1_400_000 }),
  ]);
  expect(lastDelivered('L', [early]).message).toBe(
    'logs arrived last at 2026-11-27T18:05Z or up to five minutes later',
  );
  expect(lastDelivered('L', [later])).toEqual(lastDelivered('L', [early]));
  expect(backlog('B', [early], nowMs).message).toBe(
    'output "cw": about 10,000 events (1,000,000 bytes) wait, the oldest since 2026-11-27T18:01Z',
  );
  expect(backlog('B', [later], nowMs)).toEqual(backlog('B', [early], nowMs));
});

test('what waits for a moment is no backlog', () => {
  const moment = deliveryOf('cw', [
    reportOf('a', { backlogEvents: 5, backlogSince: '2026-11-27T18:09:30Z' }),
  ]);
  expect(backlog('B', [moment], nowMs)).toMatchObject({ status: 'False', reason: 'UpToDate' });
});

test('rejected events are added up by reason over all nodes', () => {
  const delivery = deliveryOf('cw', [
    reportOf('a', { rejectedEvents: { tooOld: 2, tooLarge: 1, tooNew: 0 } }),
    reportOf('b', { rejectedEvents: { tooOld: 3 } }),
  ]);
  expect(rejected('R', [delivery])).toMatchObject({
    status: 'True',
    message: 'events that will never arrive: output "cw": 1 tooLarge, 5 tooOld',
  });
  expect(rejected('R', [deliveryOf('cw', [])])).toMatchObject({ status: 'False', reason: 'NoneRejected' });
});

const configMap = (name: string, report: unknown): KubeResource => ({
  metadata: { name },
  data: { 'report.json': typeof report === 'string' ? report : JSON.stringify(report) },
});

test('reports of nodes without a collector are left out, and removed when they are old or none', () => {
  const fresh = { ...reportOf('gone', {}), writtenAt: '2026-11-27T18:00:00Z' };
  const old = { ...reportOf('gone', {}), writtenAt: '2026-11-27T17:00:00Z' };
  const maps = [
    configMap('b', reportOf('b', {})),
    configMap('a', reportOf('a', {})),
    configMap('fresh', fresh),
    configMap('old', old),
    configMap('broken', '{'),
  ];
  const { current, stale } = sortReports(maps, new Set(['a', 'b']), nowMs);
  expect(current.map(({ node }) => node)).toEqual(['a', 'b']);
  expect(stale).toEqual(['old', 'broken']);
});

test('no text makes reading a report fail', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (text) => {
      const report = parseReport(text);
      expect(report === undefined || report.version === 1).toBe(true);
    }),
  );
});

describe('collectors that do not report', () => {
  const pod = (status: object, nodeName = 'n1'): KubeResource => ({
    metadata: { name: 'p' },
    spec: { nodeName },
    status,
  });

  test.each([
    ['none', [], 'no collector runs on any node yet'],
    ['waiting for a node', [pod({}, '')], 'collector p on no node does not run: it has not been scheduled'],
    ['starting', [pod({ phase: 'Pending' })], 'collector p on n1 does not run: it is Pending'],
    [
      'crashing',
      [
        pod({
          containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } } }],
        }),
      ],
      'collector p on n1 does not run: CrashLoopBackOff: back-off',
    ],
    [
      'ended',
      [pod({ containerStatuses: [{ state: { terminated: { reason: 'Error', exitCode: 3 } } }] })],
      'collector p on n1 does not run: Error (exit code 3)',
    ],
  ])('%s', (_, pods, message) => {
    expect(collectorState(pods)).toEqual({ reason: 'CollectorsNotRunning', message });
  });

  test('running ones only have not come to it yet', () => {
    expect(collectorState([pod({ containerStatuses: [{ state: { running: {} } }] })])).toBeUndefined();
  });
});
