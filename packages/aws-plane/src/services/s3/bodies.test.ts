import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { seededRandom } from '@pergola/kernel';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChecksum } from '../../checksums/checksum.ts';
import { Bodies, type ReceivedBody } from './bodies.ts';

let folder: string;
let bodies: Bodies;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-bodies-'));
  bodies = new Bodies(folder, seededRandom(), true);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const limits = {
  sizeMaxBytes: 1_000_000,
  tooLarge: (sizeBytes: number) => new RangeError(String(sizeBytes)),
};
const files = () =>
  readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)).map((id) => join(folder, name, id)));
const fileOf = ({ body }: ReceivedBody) => (body.in === 'file' ? body.id : expect.unreachable());
const never = new AbortController().signal;

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('receive', () => {
  it('keeps up to 64 KiB in memory and streams more to a file, hashing all of it', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const chunks = lengths.map((length) => randomBytes(length));
        const whole = Buffer.concat(chunks);
        const checksum = createChecksum('sha256');
        const received = await bodies.receive(Readable.from(chunks), { ...limits, checksum });
        expect(received.sizeBytes).toBe(whole.length);
        expect(received.md5).toEqual(createHash('md5').update(whole).digest());
        expect(checksum.digest()).toEqual(createHash('sha256').update(whole).digest());
        if (whole.length === 0) expect(received.body).toEqual({ in: 'nothing' });
        else if (whole.length <= 65_536) expect(received.bytes?.equals(whole)).toBe(true);
        else {
          const stream = await bodies.openFile(fileOf(received), { start: 0, end: whole.length - 1 });
          expect((await collect(stream)).equals(whole)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('leaves nothing when the source fails, early or late', async () => {
    for (const sizeBytes of [10, 200_000]) {
      const source = Readable.from(
        (async function* () {
          yield randomBytes(sizeBytes);
          throw new Error('gone');
        })(),
      );
      await expect(bodies.receive(source, limits)).rejects.toThrow('gone');
    }
    expect(files()).toEqual([]);
  });

  it('stops at the limit and ends the source', async () => {
    let ended = false;
    const endless = (async function* () {
      try {
        for (;;) yield randomBytes(100_000);
      } finally {
        ended = true;
      }
    })();
    await expect(bodies.receive(endless, limits)).rejects.toThrow('1100000');
    expect(ended).toBe(true);
    expect(files()).toEqual([]);
  });

  it('makes files that only the owner may read', async () => {
    const received = await bodies.receive(Readable.from([randomBytes(100_000)]), limits);
    const { statSync } = await import('node:fs');
    expect(statSync(files()[0] ?? '').mode & 0o777).toBe(0o600);
    await bodies.discard(received);
    expect(files()).toEqual([]);
  });
});

describe('sweep', () => {
  it('removes what is neither in use nor being received', async () => {
    const receive = () => bodies.receive(Readable.from([randomBytes(100_000)]), limits);
    const [used, orphan, pending] = [await receive(), await receive(), await receive()];
    bodies.settle(used);
    bodies.settle(orphan);
    const swept = await bodies.sweep((id) => id === fileOf(used), never);
    expect(swept).toBe(1);
    expect(
      files()
        .map((path) => path.split('/').at(-1) ?? '')
        .sort(),
    ).toEqual([fileOf(used), fileOf(pending)].sort());
  });

  it('makes the folder when there is none', async () => {
    const fresh = join(folder, 'a', 'b');
    expect(await new Bodies(fresh, seededRandom(), true).sweep(() => false, never)).toBe(0);
    expect(existsSync(fresh)).toBe(true);
  });
});

describe('remove', () => {
  it('waits for answers that still read the file', async () => {
    const bytes = randomBytes(100_000);
    const received = await bodies.receive(Readable.from([bytes]), limits);
    const id = fileOf(received);
    const range = { start: 0, end: bytes.length - 1 };
    const slices = [{ bytes: Buffer.from('head ') }, { file: id, range }];
    const [read, unread] = [bodies.joinSlices(slices), bodies.joinSlices(slices)];
    await bodies.remove([id]);
    expect(readFileSync(files()[0] ?? '').equals(bytes)).toBe(true);
    expect((await collect(read)).equals(Buffer.concat([Buffer.from('head '), bytes]))).toBe(true);
    expect(files()).toHaveLength(1);
    unread.destroy();
    await expect.poll(files).toEqual([]);
  });
});
