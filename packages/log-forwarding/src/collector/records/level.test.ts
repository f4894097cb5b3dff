import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelOf } from './level.ts';
import { levels } from './level-words.ts';

function level(message: string): string {
  const bytes = Buffer.from(`..${message}..`);
  return levelOf(bytes, 2, bytes.length - 2);
}

describe('the level of a line', () => {
  it.each([
    ['ts=1 level=WARN msg="x"', 'warn'],
    ['level="info" error="none"', 'info'],
    ['I0920 14:22:00.089385       1 scheduler.go:592] "Successfully bound pod to node" error', 'info'],
    ['W0920 14:22:00.089385       1 reflector.go:424] watch ended', 'warning'],
    ['F0920 14:22:00.089385       1 main.go:4] no', 'fatal'],
    ['2026-01-02T03:04:05.678Z ERROR failed with warning', 'error'],
    ['2026-01-02 03:04:05,678 SEVERE disk', 'severe'],
    ['{"level":"debug","msg":"an error"}', 'debug'],
    ['{"a":1,"level":"info","b":"level=error"}', 'error'],
    ['Value:trace of it', 'trace'],
    ['E12 something', 'error'],
    ['EM1 something', 'emergency'],
    ['a warning before an error', 'warn'],
    ['an Error before a warning', 'error'],
    ['information is no level', 'default'],
    ['some info here', 'info'],
    ['INFO', 'info'],
    ['nothing to see', 'default'],
    ['', 'default'],
    ['x', 'default'],
  ])('of %j is %s', (message, expected) => {
    expect(level(message)).toBe(expected);
  });

  it('is the keyword that comes first, in any text', () => {
    const keyword =
      /emergency|alert|critical|error|warn|notice|(?<![\w\u0080-\uffff])info(?![\w\u0080-\uffff])|debug|trace/i;
    const piece = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'aelrtnowdicg _.') }),
      fc.constantFrom(...levels, 'WARNING', 'Error', 'inform', 'err', 'aler', 'tracer'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        fc.pre(!/level|value|^[A-Z]\d/i.test(text));
        const expected = keyword.exec(text)?.[0]?.toLowerCase() ?? 'default';
        expect(level(text)).toBe(expected);
      }),
    );
  });
});
