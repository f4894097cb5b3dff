import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, shortenWords, wrap } from './printable.ts';

describe('printable', () => {
  it('shows what would move the cursor or turn the text', () => {
    expect(printable('a\u001b[2J\u202eb\tc\n')).toBe(String.raw`a\x1b[2J\u202eb` + '\tc\n');
  });
});

describe('shortenWords', () => {
  it('takes the middle out of long words and leaves the others', () => {
    expect(shortenWords('role arn:aws:iam::123456789012:role/reader is short', 21)).toBe(
      'role arn:aws:ia…ole/reader is short',
    );
  });
});

describe('wrap', () => {
  it('breaks between words and indents what follows', () => {
    expect(wrap('the role does not trust this ServiceAccount', 24)).toEqual([
      'the role does not trust',
      '  this ServiceAccount',
    ]);
  });

  it('leaves alone what fits, colours not counted', () => {
    const painted = `\u001b[36m${'█'.repeat(20)}\u001b[39m  3`;
    expect(wrap(`${painted}\n  max  4`, 23)).toEqual([painted, '  max  4']);
  });

  it('never exceeds the width, and loses no short word', () => {
    const word = fc.stringMatching(/^[a-z]{1,40}$/);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.integer({ min: 20, max: 100 }), (words, columns) => {
        const lines = wrap(words.join(' '), columns);
        expect(lines.every((line) => line.length <= columns)).toBe(true);
        const kept = words.map((each) =>
          shortenWords(each, words.join(' ').length <= columns ? 40 : columns - 2),
        );
        expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(kept);
      }),
    );
  });
});
