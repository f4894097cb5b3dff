import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askControl, NotRunningError, startControl } from './control.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-control-'));
  path = join(folder, 'control.sock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const handlers = {
  status: () => ({ pid: 1 }),
  record: (id: string) => (id === 'known-1' ? { requestId: id } : undefined),
  records: (limit: number) => Array.from({ length: limit }, (_, index) => index),
  stop: () => {},
};

describe('the control door', () => {
  it('answers status, records and nothing else, to its owner only', async () => {
    await using _door = await startControl(path, handlers);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await askControl(path, 'GET', '/status')).toEqual({ pid: 1 });
    expect(await askControl(path, 'GET', '/records/known-1')).toEqual({ requestId: 'known-1' });
    expect(await askControl(path, 'GET', '/records/other')).toBeUndefined();
    expect(await askControl(path, 'GET', '/records?limit=3')).toEqual([0, 1, 2]);
    expect(await askControl(path, 'GET', '/records/..%2fetc')).toBeUndefined();
    expect(await askControl(path, 'POST', '/status')).toBeUndefined();
  });

  it('opens and asks only in a folder of its own, where all could make one', async () => {
    chmodSync(folder, 0o777);
    await expect(startControl(path, handlers)).rejects.toThrow('may be written to by others');
    writeFileSync(path, '');
    await expect(askControl(path, 'GET', '/status')).rejects.toThrow('may be written to by others');
  });

  it('passes on the wish to stop after it has answered', async () => {
    let asked = 0;
    await using _door = await startControl(path, { ...handlers, stop: () => void asked++ });
    expect(await askControl(path, 'POST', '/stop')).toEqual({ stopping: true });
    await expect.poll(() => asked).toBe(1);
  });

  it('says that nothing runs, before and after', async () => {
    await expect(askControl(path, 'GET', '/status')).rejects.toThrow(NotRunningError);
    const door = await startControl(path, handlers);
    await door[Symbol.asyncDispose]();
    await expect(askControl(path, 'GET', '/status')).rejects.toThrow(NotRunningError);
  });
});
