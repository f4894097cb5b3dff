// The examples of the reference of TestMetricFilter, and what else the user guide says of space-delimited events.
import { describe, expect, it } from 'vitest';
import { failureOf, matching, patternOf } from './pattern.fixture.ts';

const ok200 = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /apache_pb.gif HTTP/1.0" 200 1534';
const html404 = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
const gif404 = '127.0.0.1 - frank [10/Oct/2000:13:50:35 -0700] "GET /apache_pb.gif HTTP/1.0" 404 4355';
const access = [ok200, html404, gif404];

describe('column patterns', () => {
  it('names the columns', () => {
    const pattern = patternOf('[ip, identity, user_id, timestamp, request, status_code, size]');
    expect(pattern.extract(ok200)).toEqual({
      $ip: '127.0.0.1',
      $identity: '-',
      $user_id: 'frank',
      $timestamp: '10/Oct/2000:13:25:15 -0700',
      $request: 'GET /apache_pb.gif HTTP/1.0',
      $status_code: '200',
      $size: '1534',
    });
  });

  it('numbers the columns that have no name', () => {
    const numbered = { $1: '127.0.0.1', $2: '-', $3: 'frank', $4: '10/Oct/2000:13:25:15 -0700' };
    expect(patternOf('[..., size]').extract(ok200)).toEqual({
      ...numbered,
      $5: 'GET /apache_pb.gif HTTP/1.0',
      $6: '200',
      $size: '1534',
    });
    expect(patternOf('[]').extract(ok200)).toMatchObject({ $1: '127.0.0.1', $7: '1534' });
    const html = patternOf('[..., request=*.html*, status_code=4*,]');
    expect(html.extract(html404)).toEqual({
      ...numbered,
      $request: 'GET /index.html HTTP/1.0',
      $status_code: '404',
      $7: '1534',
    });
    expect(html.extract(gif404)).toBeUndefined();
  });

  it.each([
    ['[..., status_code=200, size]', [ok200]],
    ['[ip, user, ..., status_code = 4*, bytes > 2000]', [gif404]],
    ['[ip=%127\\.0\\.0\\.[1-9]%, ...]', access],
    [
      '[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]',
      [html404],
    ],
    ['[a, b, c, d, e, f = 4* && f != 403, g]', [html404, gif404]],
    ['[a, b, c, d, e, (f = 200 || f = 404) && f < 300, g]', [ok200]],
    ['[a, b, c, d, e, f, g, h]', []],
    ['[a, b, c, d, e, f = 404.0, g]', [html404, gif404]],
    ['[srcaddr != "-", dash = "-", ...]', access],
  ])('%s', (pattern, expected) => {
    expect(matching(pattern, access)).toEqual(expected);
  });

  it('gives the last column all that is left', () => {
    const events = ['ERROR 09/25 Failed to  process', 'WARNING 09/25 Invalid', 'ERROR', 'ERROR "one phrase"'];
    expect(matching('[w1=ERROR, w2]', events)).toEqual([events[0], events[3]]);
    expect(matching('[w1=ERROR]', events)).toEqual(['ERROR']);
    expect(matching('[w1!=ERROR && w1!=WARNING, w2]', events)).toEqual([]);
    expect(patternOf('[level, text]').extract('ERROR [a] "b"  c ')).toEqual({
      $level: 'ERROR',
      $text: '[a] "b"  c',
    });
    expect(patternOf('[level, text]').extract(events[3] ?? '')).toEqual({
      $level: 'ERROR',
      $text: 'one phrase',
    });
  });

  it('splits at tabs too, as the report lines of functions have them', () => {
    const report = 'REPORT RequestId: 3d-1\tDuration: 2.4 ms\tBilled Duration: 3 ms\tMemory Size: 128 MB';
    const pattern = patternOf(
      '[label="REPORT", id_label="RequestId:", id, d="Duration:", duration > 2, unit="ms", ...]',
    );
    expect(pattern.extract(report)).toMatchObject({ $id: '3d-1', $duration: '2.4' });
  });

  it('takes brackets and quotes that do not end as parts of words', () => {
    expect(patternOf('[]').extract('[a "b c')).toEqual({ $1: '[a', $2: '"b', $3: 'c' });
    expect(patternOf('[]').extract('"a \\" b" [c] d')).toEqual({ $1: 'a \\" b', $2: 'c', $3: 'd' });
  });

  it('stays linear where nothing ends', () => {
    expect(patternOf('[..., last=x]').matches('[ " '.repeat(50_000) + 'x')).toBe(true);
  });

  it.each([
    ['[a', "If a filter pattern starts with '[' it must end with ']'"],
    ['[a b]', "Invalid character(s) in term 'b'"],
    ['[a=, b]', "Invalid character(s) in term ','"],
    ['[..., a, ...]', "Invalid filter pattern: a pattern holds at most one '...'"],
    ['[a = 4* && b > 1]', 'Invalid filter pattern: the conditions of one field must all name that field'],
    ['[a] b]', "Invalid character(s) in term 'b'"],
    ['[ERROR 401]', "Invalid character(s) in term '4'"],
    ['[= 3]', "Invalid character(s) in term '='"],
  ])('%s is refused', (pattern, message) => {
    expect(failureOf(pattern)).toBe(message);
  });
});
