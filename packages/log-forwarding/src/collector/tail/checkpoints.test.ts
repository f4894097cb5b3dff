import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkpoint, Checkpoints } from './checkpoints.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  path = join(directory, 'data', 'checkpoints.journal');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function at(offset: number): Checkpoint {
  const file = { dev: 1n, ino: 2n ** 60n + 1n, fingerprint: 77, fingerprintBytes: 256 };
  return {
    done: { file, offset: offset + 5 },
    resume: { file, offset },
    sequence: { seconds: 1_700_000_000, nanos: 3 },
  };
}

describe('checkpoints', () => {
  it('are what was set last, after any number of restarts', () => {
    const change = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.option(fc.nat(1000), { nil: undefined }));
    fc.assert(
      fc.property(fc.array(fc.array(change)), (runs) => {
        const own = join(mkdtempSync(join(directory, 'run-')), 'journal');
        const expected = new Map<string, number>();
        for (const changes of runs) {
          const checkpoints = new Checkpoints(own);
          for (const [log, offset] of expected) expect(checkpoints.get(log)).toEqual(at(offset));
          expect(checkpoints.logs().toSorted()).toEqual([...expected.keys()].toSorted());
          for (const [log, offset] of changes) {
            if (offset === undefined) checkpoints.delete(log);
            else checkpoints.set(log, at(offset));
            if (offset === undefined) expected.delete(log);
            else expected.set(log, offset);
          }
          checkpoints.close();
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are there after a crash without any word of farewell', () => {
    const killed = new Checkpoints(path);
    killed.set('a', at(10));
    expect(new Checkpoints(path).get('a')).toEqual(at(10));
  });

  it('believe no line that is torn or damaged', () => {
    const checkpoints = new Checkpoints(path);
    checkpoints.set('a', at(10));
    checkpoints.set('b', at(20));
    checkpoints.close();
    truncateSync(path, statSync(path).size - 3);
    appendFileSync(path, '\n00000000 {"log":"a"}\n\u0000\u0000\n');
    const again = new Checkpoints(path);
    expect(again.logs()).toEqual(['a']);
    again.close();
  });

  it('do not grow without end', () => {
    const checkpoints = new Checkpoints(path);
    for (let offset = 0; offset < 40_000; offset++) checkpoints.set('a', at(offset));
    checkpoints.sync();
    expect(readFileSync(path, 'utf8').trim().split('\n').length).toBe(1);
    expect(checkpoints.get('a')).toEqual(at(39_999));
    checkpoints.close();
  });
});
