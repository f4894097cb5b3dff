// Queries that are right but too large end with an error, never with less than was asked for.
import { describe, expect, it } from 'vitest';
import { blockOf, compiled, startMs } from './query.fixture.ts';
import { QueryLimitError } from './query-limit-error.ts';

/** Words of letters only, all different. */
function word(index: number): string {
  return index.toString(26).replace(/[0-9]/g, (digit) => 'qrstuvwxyz'.charAt(Number(digit)));
}

function run(text: string, messages: readonly string[]) {
  const query = compiled(text);
  const pass = query.start();
  const events = messages.map((message, index) => ({ message, timestampMs: startMs + index }));
  pass.add(blockOf(events), 0, events.length);
  return query.finish([pass.partial()]);
}

describe('limits', () => {
  it('ends a query with more patterns than are kept', () => {
    const words = Array.from({ length: 20_001 }, (_, index) => `the ${word(index)} thing`);
    expect(() => run('pattern @message', words)).toThrow(
      new QueryLimitError('the query needs more than 20000 patterns'),
    );
    expect(run('pattern @message', words.slice(1)).rows).toHaveLength(10_000);
  });

  it('ends a query that needs all rows when there are too many', () => {
    const lines = Array.from({ length: 100_001 }, () => '{"n":1}');
    const query = 'fields n | accum n as t | filter t > 5';
    expect(() => run(query, lines)).toThrow('the query needs all rows, and there are more than 100000');
    expect(run(query, lines.slice(0, 20)).rows).toHaveLength(15);
    // Without the filter the first rows say all.
    expect(run('fields n | accum n as t | limit 3', lines).rows.map((row) => row[1]?.value)).toEqual([
      '1',
      '2',
      '3',
    ]);
  });

  it('ends a query whose rows are too large', () => {
    const long = 'x'.repeat(1_000_000);
    const query = compiled('fields @message | limit 500');
    const pass = query.start();
    const block = blockOf(
      Array.from({ length: 10 }, (_, index) => ({ message: long, timestampMs: startMs + index })),
    );
    expect(() => {
      for (let index = 0; index < 40; index += 1) pass.add(block, 0, 10);
    }).toThrow('characters of memory for its rows');
  });

  it('holds no more rows than are wanted, in whatever order they come', () => {
    const query = compiled('fields n | sort n desc | limit 2');
    const pass = query.start();
    const numbers: number[] = [];
    for (let block = 0; block < 30; block += 1) {
      const mixed = Array.from({ length: 500 }, (_, index) => (block * 500 + index * 7) % 9973);
      numbers.push(...mixed);
      const events = mixed.map((n, index) => ({
        message: JSON.stringify({ n }),
        timestampMs: startMs + index,
      }));
      pass.add(blockOf(events, block * 500), 0, events.length);
    }
    expect(JSON.stringify(pass.partial()).length).toBeLessThan(2000);
    expect(query.finish([pass.partial()]).rows.map((row) => row[0]?.value)).toEqual(
      numbers
        .toSorted((a, b) => b - a)
        .slice(0, 2)
        .map(String),
    );
  });

  it('needs no more events once it has any so many', () => {
    const pass = compiled('filter n = 1 | limit any 2').start();
    const events = [1, 2, 1].map((n, index) => ({
      message: JSON.stringify({ n }),
      timestampMs: startMs + index,
    }));
    pass.add(blockOf(events), 0, 2);
    expect(pass.enough()).toBe(false);
    pass.add(blockOf(events), 2, 3);
    expect(pass.enough()).toBe(true);
    expect(pass.matched).toBe(2);
  });
});

describe('what the caller must know of a query', () => {
  const context = {
    startMs: Date.UTC(2026, 2, 31),
    endMs: Date.UTC(2026, 2, 31, 1) - 1,
    nowMs: Date.UTC(2026, 3, 1),
  };

  it.each([
    ['fields a', [[0, 1]]],
    [
      'pattern @message | diff',
      [
        [-1, 0],
        [0, 1],
      ],
    ],
    [
      'pattern @message | diff previousDay',
      [
        [-24, -23],
        [0, 1],
      ],
    ],
    [
      'pattern @message | diff previousWeek',
      [
        [-168, -167],
        [0, 1],
      ],
    ],
    // The 28th of February: there is no 31st.
    [
      'pattern @message | diff previousMonth',
      [
        [-31 * 24, -31 * 24 + 1],
        [0, 1],
      ],
    ],
  ])('%s scans %j hours', (text, hours) => {
    expect(compiled(text, context).ranges).toEqual(
      hours.map(([from = 0, to = 0]) => ({
        startMs: context.startMs + from * 3_600_000,
        endMs: context.startMs + to * 3_600_000 - 1,
      })),
    );
  });

  it('scans ranges that overlap once', () => {
    const days = { ...context, endMs: context.startMs + 3 * 86_400_000 };
    const dayBefore = context.startMs - 86_400_000;
    expect(compiled('pattern @message | diff previousDay', days).ranges).toEqual([
      { startMs: dayBefore, endMs: days.endMs },
    ]);
  });

  it('tells the groups that the text names', () => {
    expect(compiled('fields a').sources).toBeUndefined();
    const source = `SOURCE logGroups(namePrefix: ['/a', "/b"], class: "STANDARD") | fields a`;
    expect(compiled(source).sources).toEqual({ prefixes: ['/a', '/b'], names: [] });
    expect(compiled(`SOURCE '/a' | SOURCE "/b" | limit 1`).sources).toEqual({
      prefixes: [],
      names: ['/a', '/b'],
    });
    expect(compiled('source logGroups(namePrefix: []) | limit 1').sources).toEqual({
      prefixes: [''],
      names: [],
    });
  });

  it('tells what needs a class or a permission', () => {
    expect(compiled('fields a').standardClassOnly).toEqual([]);
    expect(compiled('pattern @message | diff').standardClassOnly).toEqual(['pattern', 'diff']);
    expect(compiled('fields a | unmask @message').unmasks).toBe(true);
    expect(compiled('stats count(unmask(@message))').unmasks).toBe(true);
    expect(compiled('fields a').unmasks).toBe(false);
  });
});
