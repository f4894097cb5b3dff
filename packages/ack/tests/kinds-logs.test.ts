// LogGroup's whole life on the real log service.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AwsCall, Kind } from '../src/kind/kind.ts';
import { kindNamed, leftOver, settle, startTestAws, type TestAws, want } from './kind-life.ts';

let aws: TestAws;
let kind: Kind;
let call: AwsCall;

beforeAll(async () => {
  aws = await startTestAws();
  kind = await kindNamed('cloudwatchlogs', 'LogGroup');
  call = aws.callOf(kind);
});
afterAll(() => aws[Symbol.asyncDispose]());

test('a group is created with retention, filters and tags, and needs nothing more', async () => {
  const wanted = want({
    name: '/app/web',
    retentionDays: 7,
    tags: { team: 'web' },
    metricFilters: [
      {
        filterName: 'errors',
        filterPattern: 'ERROR',
        metricTransformations: [{ metricName: 'Errors', metricNamespace: 'App', metricValue: '1' }],
      },
    ],
  });
  expect(await kind.read(call, wanted)).toBeUndefined();
  const observed = await settle(kind, call, wanted);
  expect(observed.arn).toContain('log-group:/app/web');
  expect(observed.spec['retentionDays']).toBe(7);
  expect(await leftOver(kind, call, wanted)).toEqual([]);
  aws.calls.length = 0;
  await settle(kind, call, wanted);
  expect(aws.writes()).toEqual([]);
});

test('only what differs is called', async () => {
  const wanted = want({ name: '/app/api', retentionDays: 7, tags: { a: '1', b: '2' } });
  await settle(kind, call, wanted);
  aws.calls.length = 0;
  const changed = want({ name: '/app/api', retentionDays: 30, tags: { a: '1', c: '3' } });
  const observed = await settle(kind, call, changed);
  expect(aws.writes().toSorted()).toEqual(['PutRetentionPolicy', 'TagResource', 'UntagResource']);
  expect(observed.spec['tags']).toEqual({ a: '1', c: '3', 'services.k8s.aws/namespace': 'default' });
  expect(await leftOver(kind, call, changed)).toEqual([]);
});

test('what the user does not set is left as it is', async () => {
  await settle(kind, call, want({ name: '/app/x', retentionDays: 7 }));
  expect(await leftOver(kind, call, want({ name: '/app/x' }))).toEqual([]);
});

test('a group that begins with the same name is not taken for it', async () => {
  await settle(kind, call, want({ name: '/same/longer' }));
  expect(await kind.read(call, want({ name: '/same' }))).toBeUndefined();
});

test('another class needs another group', async () => {
  const wanted = want({ name: '/app/class', logGroupClass: 'STANDARD' });
  const observed = await settle(kind, call, wanted);
  expect(kind.compare(want({ name: '/app/class', logGroupClass: 'INFREQUENT_ACCESS' }), observed)).toEqual([
    { path: 'logGroupClass', wanted: 'INFREQUENT_ACCESS', observed: 'STANDARD', effect: 'replace' },
  ]);
});

test('it is deleted, and deleting it again is no error', async () => {
  const wanted = want({ name: '/app/gone' });
  const observed = await settle(kind, call, wanted);
  await kind.remove(call, wanted, observed);
  expect(await kind.read(call, wanted)).toBeUndefined();
  await kind.remove(call, wanted, observed);
});
