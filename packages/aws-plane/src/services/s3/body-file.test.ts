import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BodyFile } from './body-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-body-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('BodyFile', () => {
  it('holds what was appended, in order, however it was cut', async () => {
    const sizes = fc.array(fc.oneof(fc.nat(10), fc.integer({ min: 300_000, max: 900_000 })), {
      maxLength: 8,
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), async (lengths, durable) => {
        const chunks = lengths.map((length) => randomBytes(length));
        const path = join(folder, 'a', String(run++));
        const file = await BodyFile.create(path);
        for (const chunk of chunks) await file.append([chunk]);
        await file.finish(durable);
        expect(readFileSync(path).equals(Buffer.concat(chunks))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('takes more chunks at once than a system writes at once', async () => {
    const chunks = Array.from({ length: 3_000 }, (_, index) => Buffer.from(String(index)));
    const file = await BodyFile.create(join(folder, 'x'));
    await file.append(chunks);
    await file.finish(false);
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe(Buffer.concat(chunks).toString());
  });

  it('is for the owner only, and never takes the place of another', async () => {
    const path = join(folder, 'x');
    const file = await BodyFile.create(path);
    await file.finish(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(BodyFile.create(path)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('can be abandoned with a write under way', async () => {
    const file = await BodyFile.create(join(folder, 'x'));
    await file.append([randomBytes(2_000_000)]);
    await expect(file.abandon()).resolves.toBeUndefined();
    await expect(file.append([randomBytes(2_000_000)])).resolves.toBeUndefined();
    await expect(file.finish(false)).rejects.toMatchObject({ code: 'EBADF' });
    await expect(file.abandon()).resolves.toBeUndefined();
  });
});
