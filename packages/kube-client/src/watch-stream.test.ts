import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEvents, splitLines } from './watch-stream.ts';

async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (const size of sizes) {
    yield bytes.subarray(start, start + size);
    start += size;
  }
  yield bytes.subarray(start);
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

test('lines survive any cut into chunks', async () => {
  const lines = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')));
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.nat({ max: 9 })), async (wanted, sizes) => {
      const bytes = Buffer.from(wanted.map((line) => `${line}\n`).join(''));
      const got = await collect(splitLines(chunked(bytes, sizes)));
      expect(got.map((line) => line.toString('utf8'))).toEqual(wanted);
    }),
  );
});

test('an ERROR event is thrown with its code', async () => {
  const line = {
    type: 'ERROR',
    object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' },
  };
  const events = decodeEvents(chunked(Buffer.from(`${JSON.stringify(line)}\n`), []));
  await expect(collect(events)).rejects.toMatchObject({ code: 410, reason: 'Expired', message: 'too old' });
});

test.each(['nonsense', '[]', '{"type":"ADDED"}', '{"type":1,"object":{}}'])(
  '%s is not an event',
  async (line) => {
    await expect(collect(decodeEvents(chunked(Buffer.from(`${line}\n`), [])))).rejects.toThrow(
      'not an event',
    );
  },
);

test('a half event at the end of the stream is not delivered', async () => {
  const bytes = Buffer.from('{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n{"type":"ADD');
  const events = await collect(decodeEvents(chunked(bytes, [])));
  expect(events.map((event) => event.object.metadata.name)).toEqual(['a']);
});
