import { describe, expect, it } from 'vitest';
import { blockOf } from './block.fixture.ts';
import { failureOf, matching, patternOf } from './pattern.fixture.ts';

const bad = '[ERROR 400] BAD REQUEST';
const unauthorized = '[ERROR 401] UNAUTHORIZED REQUEST';
const missing = '[ERROR 419] MISSING ARGUMENTS';
const info = '[INFO] REQUEST FAILED';
const messages = [bad, unauthorized, missing, info];

describe('terms', () => {
  it('matches everything when there is nothing to match', () => {
    for (const text of ['', ' ', '" "', '""']) expect(matching(text, messages)).toEqual(messages);
  });

  it('finds a term anywhere, with its case', () => {
    expect(matching('ERROR', messages)).toEqual([bad, unauthorized, missing]);
    expect(matching('AUTHORIZED', messages)).toEqual([unauthorized]);
    expect(matching('error', messages)).toEqual([]);
  });

  it('wants all terms, in any order', () => {
    expect(matching('ARGUMENTS ERROR', messages)).toEqual([missing]);
  });

  it('takes a phrase as it is, escapes resolved', () => {
    expect(matching('"ERROR 401"', messages)).toEqual([unauthorized]);
    expect(matching('"a \\"b\\" \\\\n"', ['a "b" \\n', 'a b'])).toEqual(['a "b" \\n']);
  });

  it('leaves out what is excluded', () => {
    expect(matching('ERROR -ARGUMENTS', messages)).toEqual([bad, unauthorized]);
    expect(matching('-ERROR', messages)).toEqual([info]);
    expect(matching('-"ERROR 4" -nothing', messages)).toEqual([info]);
  });

  it('wants one of the optional terms, and ignores them beside others', () => {
    expect(matching('?ARGUMENTS ?INFO', messages)).toEqual([missing, info]);
    expect(matching('?ERROR ?ARGUMENTS REQUEST', messages)).toEqual([bad, unauthorized, info]);
    expect(matching('?ERROR -REQUEST', messages)).toEqual([missing]);
  });

  it('takes any number of optional terms', () => {
    const many = Array.from({ length: 60 }, (_, index) => `?t${index}t`).join(' ');
    expect(matching(many, ['t7t', 'xt59t', 'T1T', 't'])).toEqual(['t7t', 'xt59t']);
  });

  it('never finds a term across the border of two events', () => {
    expect(matching('ab', ['a', 'b', 'ab', 'ba', 'ba', 'b'])).toEqual(['ab']);
    expect(matching('aa', ['a', 'a', 'a', 'aa'])).toEqual(['aa']);
  });

  it('finds multi-byte phrases', () => {
    expect(matching('"größe"', ['größe', 'grosse'])).toEqual(['größe']);
  });

  it('combines regular expressions with terms', () => {
    expect(matching('%[45]\\d\\d\\]% -BAD', messages)).toEqual([unauthorized, missing]);
    expect(patternOf('%a% -%b%').regexes).toBe(2);
  });

  it('wants quotes around other characters, in the words of AWS', () => {
    expect(failureOf('"event": x')).toBe("Invalid character(s) in term ':'");
    expect(failureOf('request(1)')).toBe("Invalid character(s) in term '('");
    expect(failureOf('größe')).toBe("Invalid character(s) in term 'öß'");
    expect(failureOf('a "b')).toContain('Invalid filter pattern');
    expect(failureOf('ERROR -')).toContain('Invalid filter pattern');
    expect(failureOf(' {$.a IS TRUE}')).toContain('Invalid character(s)');
  });

  it('is no longer than 1,024 characters', () => {
    expect(failureOf('a'.repeat(1_024))).toBe('is a pattern');
    expect(failureOf('a'.repeat(1_025))).toContain('Invalid filter pattern');
  });

  it('names no values', () => {
    expect(patternOf('ERROR').extract(bad)).toEqual({});
    expect(patternOf('ERROR').extract(info)).toBeUndefined();
  });

  it('looks only at the events that it is asked about', () => {
    const into = [7];
    patternOf('a').select(blockOf(['a', 'a', 'b', 'a', 'a']), 1, 4, into);
    expect(into).toEqual([7, 1, 3]);
    patternOf('a').select(blockOf(['a']), 1, 1, into);
    expect(into).toEqual([7, 1, 3]);
  });
});
