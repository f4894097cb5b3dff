import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf } from './pattern.fixture.ts';
import { RegexMachine } from './regex-machine.ts';
import { compileRegex, hasMatch, reachable } from './regex-program.ts';
import { parseRegex } from './regex-syntax.ts';
import { RegexThreads } from './regex-threads.ts';

/** The same by threads alone. */
function threaded(source: string, text: string): boolean {
  const program = compileRegex(parseRegex(source, 0), 0);
  const first = reachable(program, [0], 'start');
  if (hasMatch(program, first)) return true;
  return new RegexThreads(program).run(Buffer.from(text), 0, [...first]);
}

function found(source: string, texts: readonly string[]): readonly string[] {
  const machine = new RegexMachine(source, 0);
  return texts.filter((text) => machine.test(Buffer.from(text)));
}

describe('RegexMachine', () => {
  it('does what the user guide shows', () => {
    expect(found('^[hc]at', ['hat', 'cat', 'a cat'])).toEqual(['hat', 'cat']);
    expect(found('[hc]at$', ['hat', 'the cat', 'cats'])).toEqual(['hat', 'the cat']);
    expect(found('colou?r', ['color', 'colour', 'colouur'])).toEqual(['color', 'colour']);
    expect(found('[abcx-z]', ['y', 'd', 'D'])).toEqual(['y']);
    expect(found('^a{3,5}$', ['aa', 'aaa', 'aaaaa', 'aaaaaa'])).toEqual(['aaa', 'aaaaa']);
    expect(found('^starting|^shutting down', ['shutting down', 'not starting'])).toEqual(['shutting down']);
    expect(found('abcc|ab[^c]$', ['abcc ...', 'aba', 'aac'])).toEqual(['abcc ...', 'aba']);
    expect(found('\\[.\\]', ['[a]', '[]]', '[ ]', '[]'])).toEqual(['[a]', '[]]', '[ ]']);
    expect(found('10\\.10\\.0\\.1', ['10.10.0.1', '10010,051'])).toEqual(['10.10.0.1']);
    expect(found('^\\x3A\\x28$', [':(', ':'])).toEqual([':(']);
    expect(found('^\\S\\s\\w\\W\\d\\D$', ['a\t_-5x', 'a\n_-5x', 'ab_-5x'])).toEqual(['a\t_-5x', 'a\n_-5x']);
  });

  it('counts characters, not bytes', () => {
    expect(found('^.{3}$', ['äöü', '日本語', 'äö', '😀😀😀', 'abcd'])).toEqual(['äöü', '日本語', '😀😀😀']);
    expect(found('^[^a]b', ['äb', 'ab'])).toEqual(['äb']);
    expect(found('^\\w', ['ä'])).toEqual([]);
  });

  it('matches the empty text where the expression does', () => {
    expect(found('^$', ['', 'a'])).toEqual(['']);
    expect(found('a*', ['', 'b'])).toEqual(['', 'b']);
    expect(found('a$|^b', ['xa', 'bx', 'ax'])).toEqual(['xa', 'bx']);
  });

  it('knows which bytes every match must hold', () => {
    const needle = (source: string) => new RegexMachine(source, 0).needle?.toString();
    expect(needle('ab+cde[xy]f')).toBe('cde');
    expect(needle('10\\.1')).toBe('10.1');
    expect(needle('a|b')).toBeUndefined();
    expect(needle('a*')).toBeUndefined();
  });

  it('takes no longer for expressions that make backtracking engines hang', () => {
    const source = 'a*'.repeat(30) + 'b';
    expect(found(source, ['a'.repeat(200_000)])).toEqual([]);
  });

  it('goes on without a machine when there are too many states', () => {
    const text = Buffer.from(
      Array.from({ length: 20_000 }, (_, at) => 'ab'[(at * at + (at >> 3)) % 2]).join(''),
    );
    const many = new RegexMachine('a[ab]{14}c', 0);
    expect(many.test(text)).toBe(false);
    expect(many.test(Buffer.from('xabababababababacx'))).toBe(true);
    const atEnd = 'a[ab]{14}$|x.b[ab]{12}c';
    expect(new RegexMachine(atEnd, 0).test(text)).toBe(new RegExp(atEnd).test(text.toString()));
    expect(
      new RegexMachine('a[ab]{14}c', 0).test(Buffer.concat([text, Buffer.from('a'.repeat(15) + 'c')])),
    ).toBe(true);
  });

  it.each([
    ['%something!%', "Invalid character(s) in term '!'"],
    ['%a(b)%', "Invalid character(s) in term '('"],
    ['%ä%', "Invalid character(s) in term 'ä'"],
    ['%[é]%', "Invalid character(s) in term 'é'"],
    ['%*a%', "Invalid filter pattern: nothing stands before '*' in a regular expression"],
    ['%[a%', 'Invalid filter pattern: a character class does not end'],
    ['%a{5,3}%', 'Invalid filter pattern: a repetition ends before it begins'],
    ['%a{}%', "Invalid filter pattern: '{' begins no repetition"],
    ['%a]%', "Invalid filter pattern: ']' in a regular expression needs a backslash"],
    ['%[z-a]%', 'Invalid filter pattern: a character range is out of order'],
    ['%\\q%', "Invalid filter pattern: '\\q' is no escape of a regular expression"],
    ['%\\xG0%', "Invalid filter pattern: '\\x' needs two hexadecimal digits of ASCII"],
    ['%^*%', 'Invalid filter pattern: an anchor of a regular expression cannot be repeated'],
    ['%a{1000}b{1000}c{1000}%', 'Invalid filter pattern: a regular expression has too many repetitions'],
    ['%%', 'Invalid filter pattern: a regular expression is empty'],
    ['%a', 'Invalid filter pattern: a regular expression does not end with %'],
  ])('%s is refused', (pattern, message) => {
    expect(failureOf(pattern)).toBe(message);
  });

  it('bounds what a byte may cost', () => {
    const text = Buffer.alloc(20_000);
    for (let at = 0, state = 1; at < text.length; at++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      text[at] = (state >> 16) % 2 === 0 ? 0x61 : 0x62;
    }
    expect(new RegexMachine('a[ab]{900}c', 0).test(text)).toBe(false);
  });

  it.each(['with a machine', 'without one'])('agrees with the engine of JavaScript %s', (how) => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\W', '1', 'ab', '\\x62', '^', '$');
    const quantifier = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{1,2}', '{2,}');
    const piece = fc
      .tuple(atom, quantifier)
      .map(([node, times]) => (node === '^' || node === '$' ? node : node + times));
    const sequence = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
    const source = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|'));
    const text = fc.array(fc.constantFrom('a', 'b', '1', ' ', 'ä', '😀', '\n'), { maxLength: 10 });
    fc.assert(
      fc.property(source, fc.array(text, { minLength: 1, maxLength: 5 }), (pattern, texts) => {
        const machine = new RegexMachine(pattern, 0);
        const oracle = new RegExp(pattern, 'su');
        for (const pieces of texts) {
          const message = pieces.join('');
          const found =
            how === 'without one' ? threaded(pattern, message) : machine.test(Buffer.from(message));
          expect(found).toBe(oracle.test(message));
        }
      }),
    );
  });
});
