// What each command does, told by queries over a handful of events.
import { describe, expect, it } from 'vitest';
import { context, eventsOf, failureOf, rowsOf, runQuery, startMs, tableOf } from './query.fixture.ts';

const events = [
  { level: 'info', status: 200, ms: 10, path: '/a', pod: { name: 'web-1' } },
  { level: 'error', status: 500, ms: 250.5, path: '/b', pod: { name: 'web-2' } },
  { level: 'info', status: 200, ms: 30, path: '/a' },
  { level: 'warn', status: 404, path: '/c', pod: { name: 'web-1' } },
];
const at = (seconds: number) => `2023-11-14 22:13:${20 + seconds}.000`;

describe('rows', () => {
  it('shows time and message, newest first, and where the event is', () => {
    const { rows, recordsMatched } = runQuery('filter status = 200', eventsOf(events));
    expect(recordsMatched).toBe(2);
    expect(rows).toEqual([
      [
        { field: '@timestamp', value: at(2) },
        { field: '@message', value: JSON.stringify(events[2]) },
        { field: '@ptr', value: expect.stringMatching(/^[\w-]+$/) as string },
      ],
      [
        { field: '@timestamp', value: at(0) },
        { field: '@message', value: JSON.stringify(events[0]) },
        { field: '@ptr', value: expect.any(String) as string },
      ],
    ]);
  });

  it('adds fields, leaves out absent ones, and keeps their order', () => {
    expect(rowsOf('fields level, ms | fields path as p, upper | limit 2', events)).toEqual([
      { level: 'warn', p: '/c' },
      { level: 'info', ms: '30', p: '/a' },
    ]);
    const [row] = runQuery('fields ms, level', eventsOf(events.slice(0, 1))).rows;
    expect(row?.map(({ field }) => field)).toEqual(['ms', 'level', '@ptr']);
  });

  it('names what has no alias by its text', () => {
    expect(rowsOf('fields ms*2, abs( ms ) | limit 1', events.slice(0, 1))).toEqual([
      { 'ms*2': '20', 'abs( ms )': '10' },
    ]);
    expect(rowsOf('fields (ms + 1) * 2', events.slice(0, 1))).toEqual([{ '(ms + 1) * 2': '22' }]);
  });

  it('shows what the last display says', () => {
    expect(
      rowsOf('fields level | display status | display ms, status > 300 as bad | limit 1', events.slice(1, 2)),
    ).toEqual([{ ms: '250.5', bad: '1' }]);
  });

  it('lets a new alias hide a field from then on', () => {
    expect(
      rowsOf('fields status * 2 as status | filter status = 400 | fields status + 1 as next', events),
    ).toEqual([
      { status: '400', next: '401' },
      { status: '400', next: '401' },
    ]);
  });

  it('knows system fields, and a second @ before one’s own', () => {
    const message = { '@timestamp': 'mine', '@x': 1, a: { '@b': 2 } };
    expect(rowsOf('fields @timestamp, @@timestamp, @@x, @x, a.@b, @logStream, @log', [message])).toEqual([
      {
        '@timestamp': at(0),
        '@@timestamp': 'mine',
        '@@x': '1',
        'a.@b': '2',
        '@logStream': 'stream',
        '@log': '123456789012:app',
      },
    ]);
  });

  it('reads names in backticks and indices', () => {
    const message = { 'a-b': 1, list: [{ x: 5 }, { x: 6 }], 'c.d': { e: 7 }, 'odd name': 8 };
    expect(rowsOf('fields `a-b`, list.1.x, list[0].x, c.d.e, `odd name` as odd', [message])).toEqual([
      { 'a-b': '1', 'list.1.x': '6', 'list.0.x': '5', 'c.d.e': '7', odd: '8' },
    ]);
  });

  it('keeps numbers as they are written, and a string with JSON in it is a leaf', () => {
    const message =
      '{"big": 12345678901234567890, "float": 1.50, "inner": "{\\"a\\":1}", "t": true, "n": null}';
    expect(rowsOf('fields big, float, inner, inner.a, t, n, ispresent(n) as p', [message])).toEqual([
      { big: '12345678901234567890', float: '1.50', inner: '{"a":1}', t: '1', p: '0' },
    ]);
  });

  it('tells long identifiers apart that are the same as doubles', () => {
    const messages = ['12345678901234567890', '12345678901234567891'].map((id) => `{"id": ${id}}`);
    expect(rowsOf('fields id | filter id = 12345678901234567891', messages)).toEqual([
      { id: '12345678901234567891' },
    ]);
    expect(rowsOf('fields id | filter id in ["12345678901234567890"]', messages)).toEqual([
      { id: '12345678901234567890' },
    ]);
    expect(rowsOf('stats max(id) as m, count_distinct(id) as n', messages)).toEqual([
      { m: '12345678901234567891', n: '2' },
    ]);
  });

  it('passes over events outside the range', () => {
    const within = { ...context, startMs: startMs + 1000, endMs: startMs + 2000 };
    expect(rowsOf('fields path', events, within)).toEqual([{ path: '/a' }, { path: '/b' }]);
  });

  it('takes the limit of the request unless the text has one', () => {
    const within = { ...context, limit: 1 };
    expect(rowsOf('fields path', events, within)).toHaveLength(1);
    expect(rowsOf('fields path | limit 3', events, within)).toHaveLength(3);
    expect(rowsOf('stats count(*) by path', events, within)).toHaveLength(1);
  });
});

describe('sort, limit, dedup', () => {
  it('sorts by several keys, numbers as numbers, the absent last when descending', () => {
    expect(rowsOf('fields path | sort status desc, ms asc', events).map(({ path }) => path)).toEqual([
      '/b',
      '/c',
      '/a',
      '/a',
    ]);
    expect(rowsOf('fields ms | sort ms desc', events)).toEqual([
      { ms: '250.5' },
      { ms: '30' },
      { ms: '10' },
      {},
    ]);
    expect(rowsOf('fields ms | sort ms', events)).toEqual([{}, { ms: '10' }, { ms: '30' }, { ms: '250.5' }]);
  });

  it('sorts text naturally, before numbers, as the user guide shows', () => {
    const order = [
      '!:',
      '#',
      '*%04',
      '0#',
      '5A',
      '111A',
      '2345_',
      '@',
      '@_',
      'A',
      'A9876fghj',
      'a12345hfh',
      '0',
      '01',
      '2',
      '10',
    ];
    const messages = order.toReversed().map((v) => ({ v }));
    expect(rowsOf('fields v | sort v asc', messages).map(({ v }) => v)).toEqual(order);
  });

  it('sorts what is limited already', () => {
    expect(rowsOf('limit 2 | sort @timestamp asc | fields path', events)).toEqual([
      { path: '/a' },
      { path: '/c' },
    ]);
  });

  it('stops at any rows', () => {
    const { rows } = runQuery('fields path | limit any 2', eventsOf(events));
    expect(rows).toHaveLength(2);
  });

  it('keeps the first of equal rows, and those that lack the field', () => {
    expect(rowsOf('fields path, ms | sort ms desc | dedup path', events)).toEqual([
      { path: '/b', ms: '250.5' },
      { path: '/a', ms: '30' },
      { path: '/c' },
    ]);
    expect(rowsOf('fields path | dedup pod.name | limit 2', events)).toEqual([
      { path: '/c' },
      { path: '/a' },
    ]);
    expect(rowsOf('stats count(*) as n by path | sort n desc, path | dedup n', events)).toEqual([
      { path: '/a', n: '2' },
      { path: '/b', n: '1' },
    ]);
  });
});

describe('parse', () => {
  const line = 'user=ann, method:GET, latency := 12 ms';

  it('takes fields out by wildcards', () => {
    const query =
      'parse @message "user=*, method:*, latency := * ms" as @user, method, latency | display @user, method, latency';
    expect(rowsOf(query, [line, 'other'])).toEqual([{}, { '@user': 'ann', method: 'GET', latency: '12' }]);
  });

  it('reads @message when no field is named, to the end with a last star', () => {
    expect(rowsOf('parse "latency := *" as rest | display rest', [line])).toEqual([{ rest: '12 ms' }]);
  });

  it('takes fields out by named groups, or groups with aliases', () => {
    const regex = String.raw`parse @message /user=(?<user>\w+).*:= (?<latency>\d+)/ | stats sum(latency) by user`;
    expect(rowsOf(regex, [line, line])).toEqual([{ user: 'ann', 'sum(latency)': '24' }]);
    expect(rowsOf(String.raw`parse @message /user=(\w+)/ as who | display who`, [line])).toEqual([
      { who: 'ann' },
    ]);
  });

  it('makes a row of each match with multi', () => {
    const query = String.raw`parse @message /(\d+)/ as n multi | fields n | sort n`;
    expect(rowsOf(query, ['a 1 b 22', 'none'])).toEqual([{}, { n: '1' }, { n: '22' }]);
    expect(runQuery(query, eventsOf(['a 1 b 22', 'none'])).recordsMatched).toBe(2);
  });

  it('reads logfmt, CSV and paths in JSON', () => {
    const logfmt = 'parse @message logfmt as lf | display lf.level, lf.msg, lf.flag, lf';
    expect(rowsOf(logfmt, ['level=info msg="a \\"b\\"" flag'])).toEqual([
      {
        'lf.level': 'info',
        'lf.msg': 'a "b"',
        'lf.flag': 'true',
        lf: '{"level":"info","msg":"a \\"b\\"","flag":"true"}',
      },
    ]);
    expect(rowsOf('parse @message csv as a, b, c | display a, b, c', ['1, "x, ""y""",'])).toEqual([
      { a: '1', b: 'x, "y"', c: '' },
    ]);
    const json =
      'parse @message /(?<payload>\\{.*\\})/ | json field=payload "user.name" as name | display name';
    expect(rowsOf(json, ['INFO {"user":{"name":"ann"}}'])).toEqual([{ name: 'ann' }]);
  });

  it('parses again what it has taken out', () => {
    const query =
      'parse @message "url=* " as url | parse url "/api/*/users/*" as version, id | display version, id';
    expect(rowsOf(query, ['GET url=/api/v2/users/7 200'])).toEqual([{ version: 'v2', id: '7' }]);
  });
});

describe('lists', () => {
  it('makes a row of each item', () => {
    const message = { events: [{ name: 'a' }, { name: 'b' }] };
    const query = 'fields jsonParse(@message) as j | unnest j.events into e | sort e.name | display e.name';
    expect(rowsOf(query, [message])).toEqual([{ 'e.name': 'a' }, { 'e.name': 'b' }]);
    expect(
      rowsOf('fields jsonParse(@message) as j | unnest j.none into e | stats count(*)', [message]),
    ).toEqual([{ 'count(*)': '1' }]);
  });

  it('expands arrays of the message in place', () => {
    const message = { items: ['apple', 'banana'], host: 'web-01' };
    expect(rowsOf('expand items | stats count(*) as n by items, host', [message, { host: 'x' }])).toEqual([
      { n: '1', host: 'x' },
      { items: 'apple', host: 'web-01', n: '1' },
      { items: 'banana', host: 'web-01', n: '1' },
    ]);
  });

  it('walks into maps and lists', () => {
    const query = 'fields jsonParse(@message) as j | display j.users[1].action, j.`user.id`, j.none.x';
    expect(rowsOf(query, [{ users: [{}, { action: 'PutData' }], 'user.id': 3 }])).toEqual([
      { 'j.users.1.action': 'PutData', 'j.user.id': '3' },
    ]);
  });
});

describe('stats', () => {
  it('groups, the newest time first, then by the order of sort', () => {
    expect(rowsOf('stats count(*) as n, avg(ms) by bin(2s), level', events)).toEqual([
      { 'bin(2s)': at(2), level: 'info', n: '1', 'avg(ms)': '30' },
      { 'bin(2s)': at(2), level: 'warn', n: '1' },
      { 'bin(2s)': at(0), level: 'error', n: '1', 'avg(ms)': '250.5' },
      { 'bin(2s)': at(0), level: 'info', n: '1', 'avg(ms)': '10' },
    ]);
  });

  it('knows all aggregates', () => {
    const query = `stats count() as c, count(ms) as cm, count_distinct(path) as d, max(ms) as mx, min(ms) as mn,
      pct(ms, 50) as p50, median(ms) as md, percentile(ms, 99) as p99, stddev(ms) as sd, sum(ms) as s, avg(ms) as a,
      earliest(path) as e, latest(path) as l, sortsFirst(level) as f, sortsLast(level) as z,
      countOverTime(*) as cot, sum_over_time(status) as sot`;
    expect(rowsOf(query, events)).toEqual([
      {
        c: '4',
        cm: '3',
        d: '3',
        mx: '250.5',
        mn: '10',
        p50: '30',
        md: '30',
        p99: '250.5',
        sd: '108.9651',
        s: '290.5',
        a: '96.8333',
        e: '/a',
        l: '/c',
        f: 'error',
        z: 'warn',
        cot: '4',
        sot: '1304',
      },
    ]);
  });

  it('shows times that are aggregated in milliseconds', () => {
    expect(
      rowsOf('stats earliest(@timestamp) as e, max(@timestamp) as m | fields fromMillis(m) as t', events),
    ).toEqual([{ e: String(startMs), m: String(startMs + 3000), t: at(3) }]);
  });

  it('computes with aggregates and keys', () => {
    expect(
      rowsOf('stats sum(ms) / count(*) as share, count(*) * status by status | sort status', events),
    ).toEqual([
      { status: '200', share: '20', 'count(*) * status': '400' },
      { status: '404', 'count(*) * status': '404' },
      { status: '500', share: '250.5', 'count(*) * status': '500' },
    ]);
  });

  it('aggregates what is aggregated, and filters and sorts it by name or text', () => {
    const query = `stats count(*) as n, sum(ms) by path, level | filter n >= 1 and sum( ms ) > 1
      | stats max(n) as most, count(*) by level | sort count(*) desc, level`;
    expect(rowsOf(query, events)).toEqual([
      { level: 'error', most: '1', 'count(*)': '1' },
      { level: 'info', most: '2', 'count(*)': '1' },
    ]);
    const again = 'stats max(@timestamp) as @t, count(*) as n by path | stats sum(n) by dateceil(@t, 1h)';
    expect(rowsOf(again, events)).toEqual([{ 'dateceil(@t, 1h)': '2023-11-14 23:00:00.000', 'sum(n)': '4' }]);
  });

  it('makes no row of no events', () => {
    expect(runQuery('filter status = 1 | stats count(*)', eventsOf(events))).toEqual({
      rows: [],
      recordsMatched: 0,
    });
  });

  it('takes a whole number and its text for the same group', () => {
    expect(
      rowsOf('fields coalesce(a, 2 + 3) as k | stats count(*) by k', [{ a: '5' }, {}, { a: 5 }]),
    ).toEqual([{ k: '5', 'count(*)': '3' }]);
  });

  it('sums without rounding on the way', () => {
    expect(
      rowsOf('stats sum(x) as s, avg(x) as a', [{ x: 1e16 }, { x: 0.1 }, { x: 0.2 }, { x: -1e16 }]),
    ).toEqual([{ s: '0.3', a: '0.075' }]);
  });

  it('counts what is frequent', () => {
    expect(rowsOf('countFrequent path', events)[0]).toEqual({ path: '/a', _approxcount: '2' });
  });
});

describe('rows in their order', () => {
  it('accumulates, looks back, and fills', () => {
    const query = 'sort @timestamp asc | fields ms | accum ms as sum | autoregress ms p=1-2 | filldown ms';
    expect(rowsOf(query, events)).toEqual([
      { ms: '10', sum: '10' },
      { ms: '250.5', sum: '260.5', ms_p1: '10' },
      { ms: '30', sum: '290.5', ms_p1: '250.5', ms_p2: '10' },
      { ms: '30', ms_p1: '30', ms_p2: '250.5' },
    ]);
  });

  it('adds totals of rows and columns', () => {
    expect(
      rowsOf('fields status, ms, path | sort @timestamp asc | limit 2 | addtotals col=true', events),
    ).toEqual([
      { status: '200', ms: '10', path: '/a', Total: '210' },
      { status: '500', ms: '250.5', path: '/b', Total: '750.5' },
      { status: '700', ms: '260.5' },
    ]);
    expect(
      rowsOf('stats sum(ms) as a, count(*) as b by path | addtotals fieldname=T a, b | limit 1', events),
    ).toEqual([{ path: '/a', a: '40', b: '2', T: '42' }]);
  });

  it('fills periods without events', () => {
    const within = { ...context, startMs, endMs: startMs + 3999 };
    const query = 'filter status = 200 | stats count(*) as n by bin(1s) | fillmissing with 0 for n';
    expect(rowsOf(query, events, within).map(({ n }) => n)).toEqual(['0', '1', '0', '1']);
  });
});

describe('pattern and diff', () => {
  const now = eventsOf([
    'took 12 ms from 10.0.0.1',
    'took 7 ms from 10.0.0.2',
    'ERROR id 4f2a-77 at 12:00:01',
    'idle',
  ]);
  const before = [{ message: 'took 9 ms from 10.0.0.9', timestampMs: startMs - 5000 }];
  const within = { ...context, startMs, endMs: startMs + 9999 };

  it('counts texts of one shape', () => {
    expect(tableOf(runQuery('pattern @message', now, within))).toEqual([
      {
        '@pattern': 'took <Number-1> ms from <IP-2>',
        '@sampleCount': '2',
        '@ratio': '0.5',
        '@severityLabel': 'None',
      },
      {
        '@pattern': 'ERROR id <ID-1> at <Time-2>',
        '@sampleCount': '1',
        '@ratio': '0.25',
        '@severityLabel': 'Error',
      },
      { '@pattern': 'idle', '@sampleCount': '1', '@ratio': '0.25', '@severityLabel': 'None' },
    ]);
  });

  it('compares with the range before', () => {
    const { rows, recordsMatched } = runQuery('pattern @message | diff', [...before, ...now], within);
    expect(recordsMatched).toBe(4);
    expect(tableOf({ rows, recordsMatched })[0]).toEqual({
      '@pattern': 'ERROR id <ID-1> at <Time-2>',
      '@sampleCount': '1',
      '@previousSampleCount': '0',
      '@difference': '1',
      '@differenceDescription': 'New pattern',
      '@severityLabel': 'Error',
    });
  });
});

describe('what is refused', () => {
  it.each([
    ['', 'unexpected end of query found', 0],
    ['fields', 'unexpected end of query found', 6],
    ['frob x', 'unexpected symbol found frob', 0],
    ['fields a b', 'unexpected symbol found b', 9],
    ['fields a |', 'unexpected end of query found', 10],
    ['filter a =', 'unexpected end of query found', 10],
    ['filter a = "x', 'unterminated string', 11],
    ['filter a like /x', 'unterminated regular expression', 14],
    ['fields `a', 'unterminated field name', 7],
    ['fields a ? b', 'unexpected symbol found ?', 9],
    ['filter (a = 1', 'unexpected end of query found', 13],
    ['limit 0', 'limit must be from 1 to 100000', 6],
    ['limit 100001', 'limit must be from 1 to 100000', 6],
    ['limit 1.5', 'unexpected symbol found 1.5', 6],
    ['dedup a | sort a', 'unexpected symbol found sort', 10],
    ['filter a = 1 | diff', 'Diff compilation Failed : Diff operation has to be used after Pattern', 15],
    ['limit 5 | stats count(*)', 'limit must come after the last stats command', 0],
    ['stats count(*) by a | sort a | stats max(a)', 'sort must come after the last stats command', 22],
    [
      'stats count(*) by a | stats max(a) by a | stats max(a)',
      'a query can have at most two stats commands',
      42,
    ],
    [
      'stats sum(x) by y | stats max(strlen(@message))',
      'the field @message is not defined by the stats command before it',
      37,
    ],
    ['stats sum(x) by @logStream | stats count(*) by bin(5m)', 'the field @timestamp is not defined', 47],
    ['stats count(*) | display nope', 'the field nope is not defined', 25],
    ['stats latency', 'the field latency is not defined', 6],
    ['stats pct(x)', 'the function pct takes 2 arguments', 6],
    ['stats pct(x, 101)', 'a percentage from 0 to 100 is expected', 13],
    ['stats sum(*)', 'the function sum takes a field', 6],
    ['stats count(*) by bin(5m) offset 1h', 'offset is not supported', 26],
    ['stats rate(x, 1m) by bin(5m)', 'unexpected function found rate', 6],
    [
      'filterIndex a = "b"',
      'the command filterIndex is not supported: there are no field indexes; use filter',
      0,
    ],
    ['fields a | join b', 'the command join is not supported', 11],
    ['lookup t a', 'the command lookup is not supported: there are no lookup tables', 0],
    ['anomaly', 'the command anomaly is not supported', 0],
    ['filter @message like "a" or "b"', 'a condition is expected, not a string', 28],
    ['fields a | SOURCE "b"', 'unexpected symbol found source', 11],
    ['fields a | fillmissing', 'fillmissing must follow stats by one bin()', 11],
    ['parse @message "a*b*" as x', 'the number of wildcards (2) must equal the number of aliases (1)', 15],
    ['parse @message /a/', 'the regular expression has no named groups', 15],
    ['SOURCE logGroups(namePrefix: ["a"]) START=-1h | fields a', 'START and END are not supported', 36],
  ])('%s', (text, message, offset) => {
    const failure = failureOf(text);
    expect(failure.message).toContain(message);
    expect(failure.offset).toBe(offset);
    expect(failure.endOffset).toBeGreaterThanOrEqual(offset);
  });

  it('tells line and column', () => {
    expect(failureOf('fields a\n# why\n  | frob b')).toMatchObject({
      line: 3,
      column: 5,
      message: 'unexpected symbol found frob at line 3 and position 5',
    });
  });

  it('refuses texts that are too long or too deep', () => {
    expect(failureOf(`fields ${'a'.repeat(10_000)}`).message).toContain('longer than 10000 characters');
    expect(failureOf(`fields ${'('.repeat(4000)}`).message).toContain('nested too deeply');
    expect(failureOf(`filter ${'not '.repeat(2000)} a`).message).toContain('nested too deeply');
  });
});
