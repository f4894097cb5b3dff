import { duplexPair } from 'node:stream';
import { once } from 'node:events';
import { createDeflate, constants, inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../tests/harness.ts';
import { type SpdyStream, SpdyConnection } from './connection.ts';
import { spdyDictionary } from './dictionary.gen.ts';
import {
  controlFrame,
  dataHead,
  emptyHeaders,
  finFlag,
  FrameReader,
  frameTypes,
  parseHeaderBlock,
} from './frames.ts';

function block(headers: Record<string, string>): Buffer {
  const text = (value: string) => {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(Buffer.byteLength(value));
    return Buffer.concat([out, Buffer.from(value)]);
  };
  const count = Buffer.alloc(4);
  count.writeUInt32BE(Object.keys(headers).length);
  return Buffer.concat([
    count,
    ...Object.entries(headers).flatMap(([name, value]) => [text(name), text(value)]),
  ]);
}

describe('frames', () => {
  it('come out whole however the bytes are cut', () => {
    const frames = fc.array(
      fc.record({ id: fc.integer({ min: 1, max: 99 }), payload: fc.uint8Array({ maxLength: 300 }) }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 50 }), (list, size) => {
        const bytes = Buffer.concat(
          list.flatMap(({ id, payload }) => [dataHead(id, 0, payload.length), Buffer.from(payload)]),
        );
        const reader = new FrameReader();
        const seen = [];
        for (let at = 0; at < bytes.length; at += size)
          seen.push(...reader.push(bytes.subarray(at, at + size)));
        expect(
          seen.map((frame) => [frame.kind === 'data' && frame.streamId, frame.payload.toString('hex')]),
        ).toEqual(list.map(({ id, payload }) => [id, Buffer.from(payload).toString('hex')]));
      }),
    );
  });

  it('refuses giants and other versions', () => {
    expect(() => new FrameReader().push(Buffer.from('0000000100ffffff', 'hex'))).toThrow('frame of');
    expect(() => new FrameReader().push(Buffer.from('8002000100000000', 'hex'))).toThrow('SPDY version 2');
  });

  it('headers are read only when complete', () => {
    const whole = block({ StreamType: 'error', port: '80' });
    for (let end = 0; end < whole.length; end++)
      expect(parseHeaderBlock(whole.subarray(0, end))).toBeUndefined();
    expect(parseHeaderBlock(whole)).toEqual(
      new Map([
        ['streamtype', 'error'],
        ['port', '80'],
      ]),
    );
  });

  it('our empty header block is what zlib reads', () => {
    const options = { dictionary: spdyDictionary, finishFlush: constants.Z_SYNC_FLUSH };
    expect(inflateSync(Buffer.concat([emptyHeaders(true), emptyHeaders(false)]), options)).toEqual(
      Buffer.alloc(8),
    );
  });
});

describe('a connection', () => {
  async function open() {
    const [client, server] = duplexPair();
    const streams: SpdyStream[] = [];
    const connection = new SpdyConnection(server, (stream) => streams.push(stream));
    const deflate = createDeflate({ dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH });
    const syn = async (id: number, headers: Record<string, string>) => {
      deflate.write(block(headers));
      const [compressed] = (await once(deflate, 'data')) as [Buffer];
      const head = Buffer.alloc(10);
      head.writeUInt32BE(id);
      client.write(controlFrame(frameTypes.synStream, 0, Buffer.concat([head, compressed])));
    };
    return { client, connection, streams, syn };
  }

  it('gives streams with their headers, carries data and FIN both ways', async () => {
    const { client, streams, syn } = await open();
    await syn(1, { streamtype: 'data', port: '80' });
    await syn(3, { streamtype: 'error' });
    client.write(Buffer.concat([dataHead(1, finFlag, 5), Buffer.from('hello')]));
    await eventually(() => streams.length).toBe(2);
    expect(streams[0]!.headers.get('port')).toBe('80');
    let text = '';
    streams[0]!.on('data', (chunk) => (text += String(chunk)));
    await once(streams[0]!, 'end');
    expect(text).toBe('hello');
    const reader = new FrameReader();
    const data: string[] = [];
    client.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk))
        if (frame.kind === 'data') data.push(`${frame.streamId}:${frame.flags}:${frame.payload}`);
    });
    streams[0]!.end('bye');
    await eventually(() => data).toEqual(['1:0:bye', '1:1:']);
  });

  it.each([
    ['garbage', Buffer.alloc(64, 0x81)],
    ['a bad header block', controlFrame(frameTypes.synStream, 0, Buffer.alloc(40, 7))],
    ['a short SYN_STREAM', controlFrame(frameTypes.synStream, 0, Buffer.alloc(2))],
  ])('ends on %s', async (_name, bytes) => {
    const { client, connection } = await open();
    client.write(bytes);
    await connection.closed;
  });
});
