import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ChunkedDecoder } from './index.ts';

const decode = (wire: string, decodedLength: number) =>
  buffer(Readable.from([Buffer.from(wire)]).compose(new ChunkedDecoder({ trailer: true, decodedLength })));

describe('trailers', () => {
  it('are taken in a bounded number of lines', async () => {
    expect((await decode(`2\r\nab\r\n0\r\nx-amz-meta: 1\r\n\r\n`, 2)).toString()).toBe('ab');
    const others = Array.from({ length: 17 }, (_, index) => `x-${index}: 1\r\n`).join('');
    await expect(decode(`0\r\n${others}\r\n`, 0)).rejects.toThrow('a trailer line is not readable');
  });

  it('do not grow by one name repeated', async () => {
    await expect(decode(`0\r\n${'x-amz-meta: 1\r\n'.repeat(17)}\r\n`, 0)).rejects.toThrow(
      'a trailer line is not readable',
    );
  });
});
