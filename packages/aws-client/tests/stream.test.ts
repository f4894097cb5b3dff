// Answers that are streams of events: read to their end, broken off, refused, and given up.
import { EventStreamCodec } from '@smithy/core/event-streams';
import { fromUtf8, toUtf8 } from '@smithy/core/serde';
import { fakeClock } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { callStream, createTransport, type StreamCall } from '../src/index.ts';
import { type Answer, answer, startEndpoint } from './http-endpoint.ts';

const codec = new EventStreamCodec(toUtf8, fromUtf8);

function frame(headers: Record<string, string>, body: string): Uint8Array {
  const typed = Object.entries(headers).map(
    ([name, value]) => [name, { type: 'string' as const, value }] as const,
  );
  return codec.encode({ headers: Object.fromEntries(typed), body: Buffer.from(body) });
}

const event = (type: string, body: object) =>
  frame(
    { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' },
    JSON.stringify(body),
  );

/** Writes the frames and, unless it is to stay open, ends. */
const frames =
  (all: readonly Uint8Array[], open = false): Answer =>
  (response) => {
    response.writeHead(200, { 'x-amzn-requestid': 'r1' });
    for (const each of all) response.write(each);
    if (!open) response.end();
  };

async function read(serve: Answer, more: Partial<StreamCall> = {}) {
  await using endpoint = await startEndpoint(serve);
  const clock = fakeClock();
  await using transport = createTransport({ clock });
  const target = {
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'A', secretAccessKey: 'B' },
    region: 'us-east-1',
    clock,
    transport,
  };
  const call = {
    service: 'logs',
    target: 'Logs_20140328.StartLiveTail',
    body: {},
    hostPrefix: 'stream-',
    ...more,
  };
  const seen: string[] = [];
  const failure = await (async () => {
    for await (const { type, body } of await callStream(target, call)) {
      seen.push(`${type} ${JSON.stringify(body)}`);
      if (type === 'last') break;
    }
    return undefined;
  })().catch((error: Error) => error);
  return { seen, failure };
}

test('events come in order, an empty payload is an empty body, and leaving the loop ends the call', async () => {
  const all = [
    frame({ ':message-type': 'event', ':event-type': 'initial-response' }, ''),
    event('a', { n: 1 }),
  ];
  expect(await read(frames([...all, event('last', {}), event('more', {})], true))).toEqual({
    seen: ['initial-response {}', 'a {"n":1}', 'last {}'],
    failure: undefined,
  });
});

test.each([
  [
    { ':message-type': 'exception', ':exception-type': 'SessionTimeoutException' },
    '{"message":"three hours"}',
  ],
  [
    { ':message-type': 'error', ':error-code': 'SessionTimeoutException', ':error-message': 'three hours' },
    '',
  ],
])('what ends the session is an AwsError: %j', async (headers, body) => {
  const { seen, failure } = await read(frames([event('a', {}), frame(headers, body)]));
  expect(seen).toEqual(['a {}']);
  expect(failure).toMatchObject({
    name: 'AwsError',
    code: 'SessionTimeoutException',
    message: 'three hours',
    requestId: 'r1',
  });
});

test('a refusal before the stream begins keeps AWS’s code', async () => {
  const refused = answer(400, '{"__type":"ResourceNotFoundException","message":"no such group"}');
  expect((await read(refused)).failure).toMatchObject({ status: 400, code: 'ResourceNotFoundException' });
});

test('a connection that breaks, bytes that were changed and payloads that are no object are told apart', async () => {
  const cut: Answer = (response, seen) => {
    frames([event('a', {})], true)(response, seen);
    response.write(event('b', {}).subarray(0, 20), () => response.destroy());
  };
  expect((await read(cut)).failure).toMatchObject({ code: 'NetworkingError', status: 0 });
  const changed = Buffer.from(event('a', { n: 1 }));
  changed[changed.length - 6] = 0;
  expect((await read(frames([changed]))).failure).toMatchObject({ code: 'InvalidEventStream' });
  const list = frame({ ':message-type': 'event', ':event-type': 'a' }, '[1]');
  expect((await read(frames([list]))).failure).toMatchObject({ code: 'InvalidEventStream' });
});

test('silence is given up, and an abort keeps its reason', async () => {
  const silent = await read(frames([event('a', {})], true), { idleMs: 20 });
  expect(silent).toMatchObject({ seen: ['a {}'], failure: { code: 'TimeoutError', status: 0 } });
  const stop = new AbortController();
  const stopping: Answer = (response, seen) => {
    frames([event('a', {})], true)(response, seen);
    stop.abort(new Error('enough'));
  };
  expect((await read(stopping, { signal: stop.signal })).failure?.message).toBe('enough');
});
