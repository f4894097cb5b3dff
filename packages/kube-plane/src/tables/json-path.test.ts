import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonPath } from './json-path.ts';

const object = {
  metadata: { annotations: { 'example.com/size': 'big' } },
  spec: { replicas: 3, ports: [80, 443, 8080], open: false },
  status: {
    conditions: [
      { type: 'Ready', status: 'True', count: 1 },
      { type: 'Synced', status: 'False', count: 5 },
    ],
  },
};

function find(path: string): readonly unknown[] {
  const parsed = parseJsonPath(path);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value(object);
}

test.each<[string, unknown[]]>([
  ['.spec.replicas', [3]],
  ['{.spec.replicas}', [3]],
  ['$.spec.open', [false]],
  ['.spec.ports[1]', [443]],
  ['.spec.ports[-1]', [8080]],
  ['.spec.ports[0:2]', [80, 443]],
  ['.spec.ports[*]', [80, 443, 8080]],
  ['.spec.missing.deeper', []],
  ['.spec.ports[9]', []],
  [String.raw`.metadata.annotations.example\.com/size`, ['big']],
  [`.metadata.annotations['example.com/size']`, ['big']],
  [`.status.conditions[?(@.type=="Ready")].status`, ['True']],
  [`.status.conditions[?(@.type == 'Synced')].status`, ['False']],
  [`.status.conditions[?(@.type!="Ready")].type`, ['Synced']],
  ['.status.conditions[?(@.count>2)].type', ['Synced']],
  ['.status.conditions[?(@.count<=1)].type', ['Ready']],
  ['.status.conditions[?(@.status)].type', ['Ready', 'Synced']],
  [`.status.conditions[?(@.type=="a)b")].status`, []],
])('%s', (path, values) => {
  expect(find(path)).toEqual(values);
});

test.each(['spec', '.spec[', '.spec.ports[a]', '.status.conditions[?(type=="x")]', '..spec', '.a b'])(
  '%s is refused',
  (path) => {
    expect(parseJsonPath(path).ok).toBe(false);
  },
);

test('no text makes it throw', () => {
  assert(
    property(string(), (text) => {
      const parsed = parseJsonPath(`.${text}`);
      if (parsed.ok) parsed.value(object);
    }),
  );
});
