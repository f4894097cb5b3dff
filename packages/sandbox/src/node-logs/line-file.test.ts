import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeClock, fakeClock, type Logger, silentLogger } from '@pergola/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LineFile, openLineFile } from './line-file.ts';

let folder: string;
let clock: FakeClock;
let told: object[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'line-file-'));
  clock = fakeClock(Date.parse('2026-11-27T10:00:00.123Z'));
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const logger: Logger = { ...silentLogger, warn: (fields) => void told.push(fields) };
const path = () => join(folder, 'log', 'audit.log');
const open = (more: object = {}): LineFile =>
  openLineFile({ path: path(), sizeMax: 1000, kept: 2, clock, logger, ...more });
const text = () => readFileSync(path(), 'utf8');

it('gathers lines and writes them in order, for its owner alone', async () => {
  const file = open();
  file.write('one');
  file.write('two');
  expect(text()).toBe('');
  clock.advance(50);
  await file.flush();
  expect(text()).toBe('one\ntwo\n');
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  file.write('three');
  await file[Symbol.asyncDispose]();
  expect(text()).toBe('one\ntwo\nthree\n');
  file.write('too late');
  await file.flush();
  expect(text()).toBe('one\ntwo\nthree\n');
});

it('ends a line that a crash tore, and goes on counting from what is there', async () => {
  mkdirSync(join(folder, 'log'));
  appendFileSync(path(), 'x'.repeat(990));
  await using file = open();
  file.write('whole line');
  await file.flush();
  expect(readdirSync(join(folder, 'log'))).toEqual(['audit-2026-11-27T10-00-00.123.log']);
});

it('renames what is full, keeps the newest, and loses no line on the way', async () => {
  await using file = open();
  for (let at = 0; at < 5; at++) {
    file.write(`${at}`.repeat(1001));
    await file.flush();
    clock.advance(1000);
  }
  file.write('last');
  await file.flush();
  const names = readdirSync(join(folder, 'log')).sort();
  expect(names).toEqual([
    'audit-2026-11-27T10-00-03.123.log',
    'audit-2026-11-27T10-00-04.123.log',
    'audit.log',
  ]);
  expect(text()).toBe('last\n');
  expect(readFileSync(join(folder, 'log', `${names[1]}`), 'utf8')).toBe(`${'4'.repeat(1001)}\n`);
});

it('drops and counts what does not fit, and says so once', async () => {
  await using file = open({ sizeMax: Number.MAX_SAFE_INTEGER });
  const large = 'x'.repeat(1024 * 1024);
  for (let at = 0; at < 6; at++) file.write(large);
  await file.flush();
  expect(told).toMatchObject([{ dropped: 2 }]);
  expect(statSync(path()).size).toBe(4 * (1024 * 1024 + 1));
  file.write('again');
  await file.flush();
  expect(told).toHaveLength(1);
});

it('counts what the disk refuses, and writes again when it can', async () => {
  await using file = open();
  rmSync(join(folder, 'log'), { recursive: true });
  file.write('lost');
  await file.flush();
  expect(told).toMatchObject([{ dropped: 1, error: { code: 'ENOENT' } }]);
  mkdirSync(join(folder, 'log'));
  file.write('kept');
  await file.flush();
  expect(text()).toBe('kept\n');
});
