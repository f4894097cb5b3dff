import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdStateDir, LockedError, lockHolder, stateDirOf, writePrivate } from './state-dir.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pergola-state-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The pid of a process that has just ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('holdStateDir', () => {
  it('lets one in, names it to the next, and gives the folder back', () => {
    const dir = stateDirOf(root);
    const release = holdStateDir(dir);
    expect(lockHolder(dir)).toBe(process.pid);
    expect(() => holdStateDir(dir)).toThrow(LockedError);
    expect(() => holdStateDir(dir)).toThrow(`process ${process.pid}`);
    release();
    expect(lockHolder(dir)).toBeUndefined();
    holdStateDir(dir)();
    expect(readdirSync(root)).toEqual([]);
  });

  it('takes over from a process that is dead', () => {
    const dir = stateDirOf(root);
    writeFileSync(dir.lock, String(deadPid()));
    const release = holdStateDir(dir);
    expect(lockHolder(dir)).toBe(process.pid);
    release();
  });

  it('takes over a lock that holds no pid', () => {
    const dir = stateDirOf(root);
    writeFileSync(dir.lock, 'garbage');
    holdStateDir(dir)();
    expect(existsSync(dir.lock)).toBe(false);
  });

  it('keeps the folder to its owner', () => {
    const dir = stateDirOf(join(root, 'new'));
    const release = holdStateDir(dir);
    expect(statSync(dir.root).mode & 0o777).toBe(0o700);
    release();
  });
});

describe('writePrivate', () => {
  it('makes folders, leaves no temporary file, and lets only the owner read', () => {
    const path = join(root, 'a', 'b', 'secret');
    writePrivate(path, 'one');
    writePrivate(path, 'two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(root, 'a', 'b'))).toEqual(['secret']);
  });
});

describe('stateDirOf', () => {
  it('moves the control socket where its path is short enough', () => {
    expect(stateDirOf(root).controlSocket).toBe(join(root, 'control.sock'));
    const deep = stateDirOf(join(root, 'x'.repeat(120))).controlSocket;
    expect(Buffer.byteLength(deep)).toBeLessThanOrEqual(100);
    expect(deep).not.toBe(stateDirOf(join(root, 'y'.repeat(120))).controlSocket);
  });
});
