import { describe, expect, it } from 'vitest';
import { CallRecords, type RecordedCall } from './records.ts';

const call = (requestId: string, changes: Partial<RecordedCall> = {}): RecordedCall => ({
  requestId,
  atMs: 0,
  service: 'sts',
  operation: 'GetCallerIdentity',
  principal: 'arn:a',
  resources: [],
  status: 200,
  steps: [],
  ...changes,
});

describe('CallRecords', () => {
  it('forgets the oldest first, and finds what it remembers', () => {
    const records = new CallRecords(3);
    for (const id of ['1', '2', '3', '4']) records.append(call(id));
    expect(records.find('1')).toBeUndefined();
    expect(records.find('4')?.requestId).toBe('4');
    expect(records.list({ limit: 10 }).map((each) => each.requestId)).toEqual(['4', '3', '2']);
    expect(records.list({ limit: 2 }).map((each) => each.requestId)).toEqual(['4', '3']);
  });

  it('forgets sooner when calls are large, but never the last one', () => {
    const records = new CallRecords();
    const large = 30 * 1_048_576;
    for (const id of ['1', '2', '3', '4']) records.append(call(id), large);
    expect(records.list({ limit: 9 }).map((each) => each.requestId)).toEqual(['4', '3']);
    expect(records.find('2')).toBeUndefined();
    records.append(call('5'), 3 * large);
    expect(records.list({ limit: 9 }).map((each) => each.requestId)).toEqual(['5']);
    for (const id of ['6', '7']) records.append(call(id), 10);
    expect(records.list({ limit: 9 }).map((each) => each.requestId)).toEqual(['7', '6']);
  });

  it('lists nothing before the first call', () => {
    expect(new CallRecords().list({ limit: 5 })).toEqual([]);
  });

  it('filters by principal and failure', () => {
    const records = new CallRecords();
    records.append(call('1', { principal: 'arn:b', status: 403 }));
    records.append(call('2'));
    records.append(call('3', { status: 404 }));
    expect(records.list({ limit: 9, failedOnly: true }).map((each) => each.requestId)).toEqual(['3', '1']);
    expect(records.list({ limit: 9, principal: 'arn:b' }).map((each) => each.requestId)).toEqual(['1']);
  });
});
