import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEventStream } from './event-stream.ts';

/** Written after the format's description, apart from the reader: headers of text, then the payload. */
function encode(
  headers: Record<string, string>,
  payload: Uint8Array,
  extra: Buffer = Buffer.alloc(0),
): Buffer {
  const parts = Object.entries(headers).map(([name, value]) => {
    const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
    const length = Buffer.alloc(2);
    length.writeUInt16BE(valueBytes.length);
    return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, Buffer.from([7]), length, valueBytes]);
  });
  const head = Buffer.concat([...parts, extra]);
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + head.length + payload.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const body = Buffer.concat([prelude, head, payload]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([body, sum]);
}

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(bytes: Buffer, sizes: readonly number[] = [65_536]) {
  const messages: { headers: Record<string, string>; payload: string }[] = [];
  for await (const { headers, payload } of readEventStream(chunksOf(bytes, sizes))) {
    messages.push({ headers: { ...headers }, payload: payload.toString('hex') });
  }
  return messages;
}

const messages = fc.array(
  fc.record({
    headers: fc.dictionary(fc.stringMatching(/^[:a-z-]{1,20}$/), fc.string({ maxLength: 40 })),
    payload: fc.uint8Array({ maxLength: 300 }),
  }),
  { maxLength: 5 },
);

test('messages arrive whole however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      messages,
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      async (all, sizes) => {
        const bytes = Buffer.concat(all.map(({ headers, payload }) => encode(headers, payload)));
        const wanted = all.map(({ headers, payload }) => ({
          headers: { ...headers },
          payload: Buffer.from(payload).toString('hex'),
        }));
        expect(await read(bytes, sizes)).toEqual(wanted);
      },
    ),
  );
});

test('one flipped bit anywhere is found', async () => {
  const whole = encode({ ':event-type': 'sessionUpdate' }, Buffer.from('{"a":1}'));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length * 8 - 1), async (bit) => {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
      await expect(read(bytes)).rejects.toMatchObject({ code: 'InvalidEventStream' });
    }),
  );
});

test('a stream that ends inside a message is an error', async () => {
  const whole = encode({}, Buffer.from('payload'));
  for (const cut of [1, 11, 12, whole.length - 1]) {
    await expect(read(whole.subarray(0, cut))).rejects.toMatchObject({ code: 'InvalidEventStream' });
  }
});

test('headers of every type are passed over, and text is kept', async () => {
  const named = (name: string, type: number, value: number[]) =>
    Buffer.from([name.length, ...Buffer.from(name), type, ...value]);
  const extra = Buffer.concat([
    named('t', 0, []),
    named('f', 1, []),
    named('b', 2, [1]),
    named('s', 3, [1, 2]),
    named('i', 4, [1, 2, 3, 4]),
    named('l', 5, [1, 2, 3, 4, 5, 6, 7, 8]),
    named('y', 6, [0, 2, 9, 9]),
    named('d', 8, [1, 2, 3, 4, 5, 6, 7, 8]),
    named(
      'u',
      9,
      Array.from({ length: 16 }, () => 1),
    ),
    named('x', 7, [0, 2, 104, 105]),
  ]);
  expect(await read(encode({ a: 'b' }, Buffer.alloc(0), extra))).toEqual([
    { headers: { a: 'b', x: 'hi' }, payload: '' },
  ]);
  for (const broken of [named('q', 12, []), Buffer.from([200, 1]), named('z', 7, [9, 9, 1])]) {
    await expect(read(encode({}, Buffer.alloc(0), broken))).rejects.toMatchObject({
      code: 'InvalidEventStream',
    });
  }
});

test('a length beyond any bound is refused before it is waited for', async () => {
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(0x7fffffff, 0);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  await expect(read(prelude)).rejects.toThrow('a message of 2147483647 bytes');
});
