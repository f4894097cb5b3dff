import { appendFileSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChainStart, FileChain } from './file-chain.ts';
import { OpenFiles } from './open-files.ts';
import { rotatedFilesOf } from './rotated-files.ts';

let directory: string;
let path: string;
let nowMs = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'file-chain-'));
  path = join(directory, '0.log');
  nowMs = 0;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function chainOf(start?: ChainStart, files = new OpenFiles(10)): FileChain {
  return new FileChain({ path, files, start, truncated: () => {} });
}

/** Reads everything that is there, waiting as long as rotations want it. */
function readAll(chain: FileChain): string {
  let text = '';
  const buffer = Buffer.alloc(7);
  for (let quiet = 0; quiet < 3; ) {
    if (!chain.poll(nowMs)) {
      quiet += 1;
      nowMs += 600;
      continue;
    }
    const size = chain.read(buffer);
    chain.consume(size, size);
    text += buffer.toString('utf8', 0, size);
    quiet = 0;
  }
  return text;
}

function rotateTo(name: string): void {
  renameSync(path, join(directory, name));
}

/** Where a process that stops now would go on. */
function startOf(chain: FileChain): ChainStart {
  const at = chain.locate(chain.position);
  if (!at) throw new Error('the file is gone');
  return { resume: at, done: at };
}

describe('a log over its files', () => {
  it('is read through renames, one after the other', () => {
    const chain = chainOf();
    appendFileSync(path, 'one\n');
    expect(readAll(chain)).toBe('one\n');
    appendFileSync(path, 'two\n');
    rotateTo('0.log.20260101-000001');
    appendFileSync(path, 'three\n');
    rotateTo('0.log.20260101-000002');
    appendFileSync(path, 'four\n');
    expect(readAll(chain)).toBe('two\nthree\nfour\n');
  });

  it('sees what is still written to a file after its rename', () => {
    const chain = chainOf();
    appendFileSync(path, 'one\n');
    expect(readAll(chain)).toBe('one\n');
    rotateTo('0.log.20260101-000001');
    appendFileSync(path, 'three\n');
    chain.poll(nowMs);
    appendFileSync(join(directory, '0.log.20260101-000001'), 'two\n');
    expect(readAll(chain)).toBe('two\nthree\n');
  });

  it('is read to its end when it was deleted', () => {
    const chain = chainOf();
    appendFileSync(path, 'one\n');
    chain.poll(nowMs);
    unlinkSync(path);
    expect(readAll(chain)).toBe('one\n');
    nowMs += 1_000;
    expect(chain.goneForMs(nowMs)).toBeGreaterThan(0);
  });

  it('goes on in a rotated file, found by what it is and not by its name', () => {
    appendFileSync(path, 'one\ntwo\n');
    const first = chainOf();
    first.poll(0);
    first.read(Buffer.alloc(4));
    first.consume(4, 4);
    const start = startOf(first);
    first.close();
    rotateTo('0.log.20260101-000001');
    appendFileSync(path, 'three\n');
    const second = chainOf(start);
    expect(readAll(second)).toBe('two\nthree\n');
  });

  it('begins anew when an inode was used again', () => {
    appendFileSync(path, 'old\n');
    const first = chainOf();
    expect(readAll(first)).toBe('old\n');
    const start = startOf(first);
    first.close();
    writeFileSync(path, 'new and longer\n');
    expect(readAll(chainOf(start))).toBe('new and longer\n');
  });

  it('is cut at ten files that nobody reads, and says how much was lost', () => {
    const chain = chainOf();
    appendFileSync(path, 'first\n');
    chain.poll(nowMs);
    for (let index = 10; index < 30; index++) {
      rotateTo(`0.log.20260101-0000${index}`);
      appendFileSync(path, `line ${index}\n`);
      chain.poll(nowMs);
    }
    expect(chain.lostBytes).toBe('first\n'.length + 10 * 'line 10\n'.length);
    expect(readAll(chain).split('\n').length).toBe(11);
  });

  it('says what was lost when a file was closed for others and deleted before its turn', () => {
    const files = new OpenFiles(1);
    const chain = chainOf(undefined, files);
    appendFileSync(path, 'lost\n');
    chain.poll(nowMs);
    const other = join(directory, 'other.log');
    appendFileSync(other, 'x\n');
    new FileChain({ path: other, files, truncated: () => {} }).poll(nowMs);
    unlinkSync(path);
    expect(readAll(chain)).toBe('');
    expect(chain.lostBytes).toBe('lost\n'.length);
    appendFileSync(path, 'kept\n');
    expect(readAll(chain)).toBe('kept\n');
  });

  it('has not vanished while a rotated file stands there', () => {
    const chain = chainOf();
    appendFileSync(path, 'one\n');
    readAll(chain);
    rotateTo('0.log.20260101-000001');
    expect(chain.hasVanished).toBe(false);
    unlinkSync(join(directory, '0.log.20260101-000001'));
    expect(chain.hasVanished).toBe(true);
  });

  it('needs few open files, and opens them again', () => {
    const files = new OpenFiles(2);
    const chains = ['a.log', 'b.log', 'c.log', 'd.log'].map((name) => {
      const own = join(directory, name);
      appendFileSync(own, `${name} 1\n`);
      return { own, chain: new FileChain({ path: own, files, truncated: () => {} }) };
    });
    for (const { chain } of chains) readAll(chain);
    expect(files.count).toBe(2);
    for (const { own } of chains) appendFileSync(own, '2\n');
    expect(chains.map(({ chain }) => readAll(chain))).toEqual(['2\n', '2\n', '2\n', '2\n']);
    expect(files.count).toBe(2);
  });
});

it('knows rotated files by the names that kubelets, API servers and auditd give', () => {
  const names = [
    'audit.log.1',
    'audit-2026-01-02T03-04-05.000.log',
    'audit.log.2.gz',
    'auditor.log',
    'audit-x.log',
  ];
  for (const name of [...names, 'audit.log']) writeFileSync(join(directory, name), 'x');
  const found = rotatedFilesOf(join(directory, 'audit.log')).map((file) =>
    file.path.slice(directory.length + 1),
  );
  expect(found.toSorted()).toEqual(['audit-2026-01-02T03-04-05.000.log', 'audit.log.1']);
});
