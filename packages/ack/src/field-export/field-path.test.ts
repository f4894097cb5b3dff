import { expect, test } from 'vitest';
import { parseFieldPath, valueAtPath } from './field-path.ts';

const object = {
  spec: { tags: [{ key: 'a' }, { key: 'b' }], count: 3 },
  status: { endpoint: { address: 'db.example', port: 5432 }, 'a b': { 'x.y': true } },
};

test.each([
  ['.status.endpoint.address', 'db.example'],
  ['.status.endpoint.port', 5432],
  ['.spec.tags[0].key', 'a'],
  ['.spec.tags[-1].key', 'b'],
  ['.spec.tags.[1].key', 'b'],
  ['.status["a b"]["x.y"]', true],
  ['.status."a b"."x.y"', true],
  ['.["spec"].count', 3],
  ['.status.endpoint?.address', 'db.example'],
  ['.status.\u0065ndpoint.port', 5432],
])('%s', (path, value) => {
  const segments = parseFieldPath(path);
  expect(segments && valueAtPath(object, segments)).toEqual(value);
});

test.each([
  '.status.nothing',
  '.spec.tags[9].key',
  '.spec.count.more',
  '.constructor',
  '.spec.tags.length',
  '.spec.__proto__',
])('%s leads nowhere', (path) => {
  const segments = parseFieldPath(path);
  expect(segments).toBeDefined();
  expect(valueAtPath(object, segments ?? [])).toBeUndefined();
});

test.each([
  '',
  'status',
  '.a..b',
  '.a | .b',
  '.a[]',
  '.a[0',
  '.a["b]',
  '.a b',
  '.[0:2]',
  'env.HOME',
  `.${'a'.repeat(2000)}`,
])('%s is refused', (path) => {
  expect(parseFieldPath(path)).toBeUndefined();
});

// A pattern that backtracks would keep the controller busy for ever, and this test with it.
test('long nonsense is refused as fast as short', () => {
  for (const text of ['["', '[\\', '."\\', '.a', '[ ', '[1']) {
    parseFieldPath(`.${text.repeat(1_000_000)}!`);
    parseFieldPath(`.${text.repeat(300)}!`.slice(0, 1_024));
  }
});
