import { expect, test } from 'vitest';
import { lineWriter, renderLine } from './log-lines.ts';
import { printable, shorten, shortenFront } from './printable.ts';
import { renderCsv, renderRows } from './query-rows.ts';
import type { Terminal } from './terminal.ts';

const plain = { paint: (_style: string, text: string) => text };
const event = {
  group: 'g',
  stream: 'kubernetes.var.log.pods.shop_web-1',
  timestampMs: Date.parse('2026-11-27T09:14:03.120Z'),
  ingestedMs: 1,
};

test('a record of the collector is a line', () => {
  const message = JSON.stringify({
    level: 'error',
    message: 'first\n\tsecond\n',
    kubernetes: { namespace_name: 'shop', pod_name: 'web-1', container_name: 'app' },
  });
  expect(renderLine(plain, { ...event, message })).toBe(
    '09:14:03.120 error shop/web-1/app first\n    \tsecond',
  );
  expect(renderLine(plain, { ...event, message: 'text' })).toBe(`09:14:03.120       ${event.stream} text`);
});

test('one stream has one colour, others may have another', () => {
  const colours = (stream: string) => {
    const used: string[] = [];
    renderLine({ paint: (style, text) => (used.push(style), text) }, { ...event, stream, message: 'm' });
    return used.at(-1);
  };
  expect(colours('a')).toBe(colours('a'));
  expect(new Set(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(colours)).size).toBeGreaterThan(2);
});

test('a message cannot command the terminal', () => {
  const message = 'x\u001b[2Jy\u0007\u009bz\u202eabc';
  expect(renderLine(plain, { ...event, message })).toMatch(/x\\x1b\[2Jy\\x07\\x9bz\\u202eabc$/);
  expect(printable('täb\tzeile\n')).toBe('täb\tzeile\n');
  expect(shorten('one\ntwo three', 8)).toBe('one two…');
  expect(shortenFront('account:group.audit', 8)).toBe('…p.audit');
});

test('json is the event as it was stored', () => {
  const printed: string[] = [];
  const terminal = { ...plain, print: (text: string) => printed.push(text) } as unknown as Terminal;
  lineWriter(terminal, true)({ ...event, message: '\u001b' });
  expect(JSON.parse(printed[0] ?? '')).toEqual({
    timestamp: event.timestampMs,
    ingestionTime: 1,
    logGroup: 'g',
    logStream: event.stream,
    message: '\u001b',
  });
});

test('rows as a table and as CSV', () => {
  const rows = [
    new Map([
      ['a', '1'],
      ['b', 'x,"y"'],
    ]),
    new Map([['c', 'line\nend']]),
  ];
  expect(renderRows({ interactive: false, columns: 80 }, rows)).toBe(
    'a  b      c\n1  x,"y"\n          line end',
  );
  expect(renderCsv(rows)).toBe('a,b,c\r\n1,"x,""y""",\r\n,,"line\nend"\r\n');
});
