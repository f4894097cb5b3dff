import { Readable } from 'node:stream';
import { EventStreamCodec } from '@smithy/core/event-streams';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { AwsFault } from '../fault.ts';
import type { ServiceCodec } from './codec.ts';
import { encodeEventMessage } from './event-message.ts';
import { loadCodec } from './load-codec.ts';

const reader = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Messages as the client of AWS reads them, which checks both checksums. */
function messagesOf(bytes: Buffer): readonly Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const { headers, body } = reader.decode(bytes.subarray(at, at + bytes.readUInt32BE(at)));
    const values = Object.entries(headers).map(([name, { value }]) => [name, String(value)]);
    messages.push({ headers: Object.fromEntries(values), text: Buffer.from(body).toString() });
  }
  return messages;
}

describe('encodeEventMessage', () => {
  test('is read by the client of AWS', () => {
    const name = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => text !== '__proto__');
    const headers = fc.dictionary(name, fc.string({ unit: 'grapheme', maxLength: 300 }), { maxKeys: 5 });
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 500 }), (given, payload) => {
        const message = reader.decode(encodeEventMessage(given, Buffer.from(payload)));
        expect(Buffer.from(message.body)).toEqual(Buffer.from(payload));
        const values = Object.entries(message.headers).map(([key, { value }]) => [key, value]);
        expect(Object.fromEntries(values)).toEqual({ ...given });
      }),
    );
  });
});

describe('event streams of awsJson', () => {
  let logs: ServiceCodec;
  beforeAll(async () => {
    logs = await loadCodec('logs');
  });

  const open = (events: AsyncIterable<object>) => {
    const answer = logs.encode('StartLiveTail', { responseStream: events }, 'id-1');
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': 'id-1' },
    });
    return answer.body as Readable;
  };
  const read = async (events: AsyncIterable<object>) =>
    messagesOf(Buffer.concat(await open(events).toArray()));

  const start = { sessionStart: { sessionId: 's', ignored: 1 } };
  const event = (type: string) => ({
    ':message-type': 'event',
    ':event-type': type,
    ':content-type': 'application/x-amz-json-1.1',
  });

  test('begin with the initial response', async () => {
    expect(await read(Readable.from([start]))).toEqual([
      { headers: event('initial-response'), text: '{}' },
      { headers: event('sessionStart'), text: '{"sessionId":"s"}' },
    ]);
  });

  test('end with an error of the model', async () => {
    const timeout = { SessionTimeoutException: { message: 'over' } };
    const messages = await read(Readable.from([timeout, start]));
    expect(messages.slice(1)).toEqual([
      {
        headers: {
          ':message-type': 'exception',
          ':exception-type': 'SessionTimeoutException',
          ':content-type': 'application/x-amz-json-1.1',
        },
        text: '{"message":"over"}',
      },
    ]);
  });

  test('end with a fault that is thrown', async () => {
    async function* failing(code: string) {
      yield start;
      throw new AwsFault(code, 400, 'too bad');
    }
    const known = await read(failing('SessionStreamingException'));
    expect(known[2]).toMatchObject({
      headers: { ':message-type': 'exception' },
      text: '{"message":"too bad"}',
    });
    const other = await read(failing('AccessDeniedException'));
    expect(other[2]).toEqual({
      headers: {
        ':message-type': 'error',
        ':error-code': 'AccessDeniedException',
        ':error-message': 'too bad',
      },
      text: '',
    });
  });

  test('let go of a silent source when the client goes', async () => {
    let gone: () => void = () => {};
    const closed = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const silent: AsyncIterable<object> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        async return() {
          gone();
          return { done: true, value: undefined };
        },
      }),
    };
    const body = open(silent);
    body.once('data', () => body.destroy());
    await closed;
    expect(body.destroyed).toBe(true);
  });

  test('ask for no more than the client takes', async () => {
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked += 1;
        yield { sessionUpdate: { sessionResults: [{ message: 'x'.repeat(10_000) }] } };
      }
    }
    const body = open(endless());
    await new Promise((resolve) => body.once('readable', resolve));
    await new Promise((resolve) => body.once('readable', resolve));
    expect(asked).toBeLessThan(20);
    body.destroy();
  });
});
