import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  type FilterLogEventsRequest,
  GetLogEventsCommand,
  type GetLogEventsRequest,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { fakeClock } from '@pergola/kernel';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logsOf } from '../src/services/logs/logs-context.ts';
import { groupsOf, refOf } from '../src/services/logs/state.ts';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, refusalOf } from './plane.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let plane: LogsPlane;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  plane = await startLogsPlane();
  client = plane.client();
});
afterAll(() => plane[Symbol.asyncDispose]());

let groups = 0;
/** A new group with streams. */
async function newGroup(streams: readonly string[] = ['s'], by = client): Promise<string> {
  const logGroupName = `/test/group-${++groups}`;
  await by.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams)
    await by.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  return logGroupName;
}

const put = (
  logGroupName: string,
  logEvents: { timestamp: number; message: string }[],
  logStreamName = 's',
) => client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
const at = (timestamp: number, message = 'm') => ({ timestamp, message });
const get = (input: Partial<GetLogEventsRequest>) =>
  client.send(new GetLogEventsCommand({ logStreamName: 's', ...input }));
const filter = (input: FilterLogEventsRequest) => client.send(new FilterLogEventsCommand(input));

/** Walks all pages of GetLogEvents until the token stays. */
async function walk(input: Partial<GetLogEventsRequest>, direction: 'forward' | 'backward') {
  const pages: string[][] = [];
  let nextToken: string | undefined;
  for (;;) {
    const startFromHead = direction === 'forward';
    const page = await get({ ...input, startFromHead, ...(nextToken !== undefined && { nextToken }) });
    pages.push((page.events ?? []).map((event) => event.message ?? ''));
    const next = direction === 'forward' ? page.nextForwardToken : page.nextBackwardToken;
    if (next === nextToken) return pages;
    nextToken = next;
  }
}

async function walkFilter(input: FilterLogEventsRequest) {
  const found: { message: string; id: string }[] = [];
  let nextToken: string | undefined;
  do {
    const page = await filter({ ...input, ...(nextToken !== undefined && { nextToken }) });
    for (const { message = '', eventId = '' } of page.events ?? []) found.push({ message, id: eventId });
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

describe('PutLogEvents', () => {
  it('keeps events as they are', async () => {
    const group = await newGroup();
    const now = Date.now();
    const texts = [
      'plain',
      'ünïcödé ☃ 𝒳',
      ' leading and trailing ',
      '{"json": [1, 2]}',
      'tab\tand\nnewline\u0000',
    ];
    const answer = await put(
      group,
      texts.map((message, n) => at(now + n, message)),
    );
    expect(answer.nextSequenceToken).toMatch(/^\d{56}$/);
    expect(answer.rejectedLogEventsInfo).toBeUndefined();
    const got = await get({ logGroupName: group });
    expect(got.events?.map(({ message }) => message)).toEqual(texts);
    expect(got.events?.map(({ timestamp }) => timestamp)).toEqual(texts.map((_, n) => now + n));
    expect(got.events?.every(({ ingestionTime = 0 }) => ingestionTime >= now)).toBe(true);
  });

  it('names what does not exist', async () => {
    const group = await newGroup();
    const gone = { code: 'ResourceNotFoundException', status: 400 };
    expect(await refusalOf(put('absent', [at(Date.now())]))).toMatchObject({
      ...gone,
      message: 'The specified log group does not exist.',
    });
    expect(await refusalOf(put(group, [at(Date.now())], 'absent'))).toMatchObject({
      ...gone,
      message: 'The specified log stream does not exist.',
    });
  });

  const limit = 1_048_576;
  it.each([
    [
      'a batch without events',
      () => [],
      "at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'too many events',
      () => Array.from({ length: 10_001 }, () => at(Date.now())),
      'Member must have length less than or equal to 10000',
    ],
    [
      'an empty message',
      () => [at(Date.now(), 'x'), at(Date.now(), '')],
      "at 'logEvents.2.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'a batch of one byte too many',
      () => [at(Date.now(), 'x'), at(Date.now(), 'é'.repeat((limit - 52) / 2))],
      `Upload too large: ${limit + 1} bytes exceeds limit of ${limit}`,
    ],
    [
      'an event that is too large',
      () => [at(Date.now(), 'x'.repeat(limit - 25))],
      `Log event too large: ${limit + 1} bytes exceeds limit of ${limit}`,
    ],
    [
      'events out of order',
      () => [at(Date.now()), at(Date.now() - 1_000)],
      'Log events in a single PutLogEvents request must be in chronological order.',
    ],
    [
      'a span of more than a day',
      () => [at(Date.now() - DAY_MS - 1), at(Date.now())],
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    ],
    [
      'a time before 1970',
      () => [at(-1)],
      "Value '-1' at 'logEvents.1.member.timestamp' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
  ])('refuses %s', async (_, events, message) => {
    const group = await newGroup();
    const refusal = await refusalOf(put(group, events()));
    expect(refusal).toMatchObject({ code: 'InvalidParameterException', status: 400 });
    expect(refusal.message).toContain(message);
    expect((await get({ logGroupName: group })).events).toEqual([]);
  });

  it('takes the largest batch, the longest span', async () => {
    const group = await newGroup();
    expect(
      (await put(group, [at(Date.now(), 'x'.repeat(limit - 26))])).rejectedLogEventsInfo,
    ).toBeUndefined();
    const now = Date.now();
    expect((await put(group, [at(now - DAY_MS), at(now)])).rejectedLogEventsInfo).toBeUndefined();
    const many = Array.from({ length: 10_000 }, (_, n) => at(now, `line ${n}`));
    expect((await put(group, many)).rejectedLogEventsInfo).toBeUndefined();
    expect((await walk({ logGroupName: group, startTime: now }, 'forward')).flat()).toEqual([
      'm',
      ...many.map(({ message }) => message),
    ]);
  });

  it('ignores sequence tokens, and says what is wrong with an entity', async () => {
    const logGroupName = await newGroup();
    const send = (extra: object) =>
      client.send(
        new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents: [at(Date.now())], ...extra }),
      );
    expect((await send({ sequenceToken: 'nonsense' })).nextSequenceToken).toBeTruthy();
    const entity = (keyAttributes: Record<string, string>) => send({ entity: { keyAttributes } });
    expect((await entity({ Type: 'Service', Name: 'cart' })).rejectedEntityInfo).toBeUndefined();
    expect((await entity({ Type: 'Other', Name: 'cart' })).rejectedEntityInfo?.errorType).toBe(
      'InvalidTypeValue',
    );
    expect((await entity({ Name: 'cart', Environment: 'x' })).rejectedEntityInfo?.errorType).toBe(
      'MissingRequiredFields',
    );
    expect((await walkFilter({ logGroupName })).length).toBe(4);
  });
});

describe('events that come too late or too early', () => {
  // A clock that stands still: the limits are checked to the millisecond.
  const now = Date.now();
  let still: LogsPlane;
  let patient: CloudWatchLogsClient;
  const clock = fakeClock(now);
  beforeAll(async () => {
    still = await startLogsPlane({ clock });
    patient = still.client();
  });
  afterAll(() => still[Symbol.asyncDispose]());

  const send = (logGroupName: string, logEvents: { timestamp: number; message: string }[]) =>
    patient.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
  const kept = async (logGroupName: string) => {
    const input = { logGroupName, logStreamName: 's', startFromHead: true };
    return ((await patient.send(new GetLogEventsCommand(input))).events ?? []).map((event) => event.message);
  };

  it('are refused one by one, and the rest is kept', async () => {
    const group = await newGroup(['s'], patient);
    const answer = await send(group, [
      at(now - 14 * DAY_MS - 1, 'too old'),
      at(now - 14 * DAY_MS, 'just in time'),
      at(now - 14 * DAY_MS + HOUR_MS, 'fine'),
    ]);
    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    const early = await send(group, [
      at(now, 'now'),
      at(now + 2 * HOUR_MS, 'nearly too new'),
      at(now + 2 * HOUR_MS + 1, 'too new'),
    ]);
    expect(early.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 2 });
    expect(await kept(group)).toEqual(['just in time', 'fine', 'now', 'nearly too new']);
  });

  it('do not count for the span of a batch', async () => {
    const group = await newGroup(['s'], patient);
    const answer = await send(group, [at(now - 20 * DAY_MS, 'old'), at(now, 'now'), at(now + DAY_MS, 'new')]);
    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    expect(await kept(group)).toEqual(['now']);
    const none = await send(group, [at(now - 20 * DAY_MS, 'old')]);
    expect(none.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
  });

  it('expire by the retention of their group, at once for readers', async () => {
    const logGroupName = await newGroup(['s'], patient);
    await send(logGroupName, [at(now - 2 * DAY_MS, 'older')]);
    await send(logGroupName, [at(now - HOUR_MS, 'younger')]);
    expect(await kept(logGroupName)).toEqual(['older', 'younger']);
    await patient.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    expect(await kept(logGroupName)).toEqual(['younger']);
    const answer = await send(logGroupName, [at(now - DAY_MS - 1, 'expired'), at(now - DAY_MS, 'not yet')]);
    expect(answer.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    expect(await kept(logGroupName)).toEqual(['not yet', 'younger']);
  });
});

describe('the sweep', () => {
  it('forgets what has expired, without being asked', async () => {
    const clock = fakeClock(Date.now());
    await using aging = await startLogsPlane({ clock });
    const by = aging.client();
    const logGroupName = await newGroup(['s'], by);
    const logEvents = [at(clock.nowMs(), 'a')];
    await by.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
    await by.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    const { store } = aging.test.plane;
    const group = groupsOf(store, { account, region: 'us-east-1' }, logGroupName)[0];
    if (!group) throw new Error('the group is gone');
    const read = async () => {
      const span = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limitEvents: 10, limitBytes: 1_000 };
      const { events } = logsOf(aging.test.plane);
      return (await events.read({ group: refOf(group), direction: 'forward', ...span })).events.length;
    };
    expect(await read()).toBe(1);
    clock.advance(DAY_MS + 1);
    await expect.poll(read).toBe(0);
  });
});

describe('GetLogEvents', () => {
  it('gives a half-open span, the newest page first', async () => {
    const group = await newGroup();
    const now = Date.now();
    await put(
      group,
      [0, 1, 2, 3].map((n) => at(now + n, `m${n}`)),
    );
    const span = await get({ logGroupName: group, startTime: now + 1, endTime: now + 3 });
    expect(span.events?.map(({ message }) => message)).toEqual(['m1', 'm2']);
    const newest = await get({ logGroupName: group, limit: 2 });
    expect(newest.events?.map(({ message }) => message)).toEqual(['m2', 'm3']);
    const before = await get({ logGroupName: group, limit: 2, nextToken: newest.nextBackwardToken });
    expect(before.events?.map(({ message }) => message)).toEqual(['m0', 'm1']);
    const start = await get({ logGroupName: group, nextToken: before.nextBackwardToken });
    expect(start).toMatchObject({ events: [], nextBackwardToken: before.nextBackwardToken });
    const again = await get({ logGroupName: group, nextToken: start.nextForwardToken });
    expect(again.events?.map(({ message }) => message)).toEqual(['m0', 'm1', 'm2', 'm3']);
  });

  it('gives tokens that stay at the end and go on when more comes', async () => {
    const group = await newGroup();
    const empty = await get({ logGroupName: group });
    expect(empty.nextForwardToken).toMatch(/^f\/\d{56}\/s$/);
    expect(empty.nextBackwardToken).toMatch(/^b\/\d{56}\/s$/);
    const still = await get({ logGroupName: group, nextToken: empty.nextForwardToken });
    expect(still.nextForwardToken).toBe(empty.nextForwardToken);
    await put(group, [at(Date.now(), 'first')]);
    const more = await get({ logGroupName: group, nextToken: empty.nextForwardToken });
    expect(more.events?.map(({ message }) => message)).toEqual(['first']);
    const end = await get({ logGroupName: group, nextToken: more.nextForwardToken });
    expect(end).toMatchObject({ events: [], nextForwardToken: more.nextForwardToken });
  });

  it('refuses tokens that are not its own', async () => {
    const group = await newGroup(['s', 'other']);
    const { nextForwardToken: token = '' } = await get({ logGroupName: group });
    const invalid = { code: 'InvalidParameterException', message: 'The specified nextToken is invalid.' };
    const turned = token.replace('f/', 'b/');
    const changed = `${token.slice(0, 10)}${(Number(token[10]) + 1) % 10}${token.slice(11)}`;
    for (const nextToken of [turned, changed, 'nonsense'])
      expect(await refusalOf(get({ logGroupName: group, nextToken }))).toMatchObject(invalid);
    expect(
      await refusalOf(get({ logGroupName: group, logStreamName: 'other', nextToken: token })),
    ).toMatchObject(invalid);
  });

  it('shows every event exactly once, whatever the pages', async () => {
    const group = await newGroup();
    const now = Date.now();
    const batches = fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 4,
    });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 1, max: 7 }), async (drawn, limit) => {
        const startTime = now + 10 * number;
        const written: { timestamp: number; message: string }[] = [];
        for (const times of drawn) {
          const events = times.sort((a, b) => a - b).map((time) => at(startTime + time, `e${number++}`));
          written.push(...events);
          await put(group, events);
        }
        const wanted = written
          .map((event, order) => ({ ...event, order }))
          .sort((a, b) => a.timestamp - b.timestamp || a.order - b.order)
          .map(({ message }) => message);
        const span = { logGroupName: group, startTime, endTime: startTime + 6, limit };
        expect((await walk(span, 'forward')).flat()).toEqual(wanted);
        expect((await walk(span, 'backward')).toReversed().flat()).toEqual(wanted);
        const filtered = await walkFilter({ ...span, endTime: startTime + 5 });
        expect(filtered.map(({ message }) => message)).toEqual(wanted);
        expect(new Set(filtered.map(({ id }) => id)).size).toBe(wanted.length);
        number += 6;
      }),
      { numRuns: 15 },
    );
  });
});

describe('FilterLogEvents', () => {
  it('goes through streams in the order of time, to the end and including it', async () => {
    const logGroupName = await newGroup(['a', 'b', 'c']);
    const now = Date.now();
    await put(logGroupName, [at(now, 'a0'), at(now + 2, 'a2')], 'a');
    await put(logGroupName, [at(now + 1, 'b1'), at(now + 3, 'b3')], 'b');
    await put(logGroupName, [at(now + 2, 'c2')], 'c');
    const messages = async (input: FilterLogEventsRequest = {}) =>
      (await walkFilter({ logGroupName, ...input })).map(({ message }) => message);
    expect(await messages()).toEqual(['a0', 'b1', 'a2', 'c2', 'b3']);
    expect(await messages({ startTime: now + 1, endTime: now + 2 })).toEqual(['b1', 'a2', 'c2']);
    expect(await messages({ logStreamNames: ['a', 'c'] })).toEqual(['a0', 'a2', 'c2']);
    expect(await messages({ logStreamNamePrefix: 'b', limit: 1 })).toEqual(['b1', 'b3']);
    expect(await messages({ filterPattern: '?a2 ?b3' })).toEqual(['a2', 'b3']);
    const page = await filter({ logGroupName, limit: 1 });
    expect(page.searchedLogStreams).toEqual([]);
    expect(page.events?.[0]).toMatchObject({
      logStreamName: 'a',
      timestamp: now,
      eventId: expect.stringMatching(/^\d{56}$/),
    });
  });

  it('refuses patterns, tokens and streams that make no sense', async () => {
    const logGroupName = await newGroup();
    const bad = await refusalOf(filter({ logGroupName, filterPattern: '{ $.a = ' }));
    expect(bad.code).toBe('InvalidParameterException');
    expect(bad.message).toContain('filter pattern');
    expect((await refusalOf(filter({ logGroupName, nextToken: 'abc' }))).message).toBe(
      'The specified nextToken is invalid.',
    );
    const both = filter({ logGroupName, logStreamNames: ['s'], logStreamNamePrefix: 's' });
    expect((await refusalOf(both)).code).toBe('InvalidParameterException');
    expect((await refusalOf(filter({}))).code).toBe('InvalidParameterException');
    expect(await refusalOf(filter({ logGroupName, logStreamNames: ['s', 'absent'] }))).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
  });
});
