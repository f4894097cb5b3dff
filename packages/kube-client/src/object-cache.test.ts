import { expect, test } from 'vitest';
import type { KubeResource } from './client.ts';
import { keyOf, ObjectCache } from './object-cache.ts';

const pod = (name: string, node: string): KubeResource => ({ metadata: { namespace: 'a', name }, node });

test('keys carry the namespace only where there is one', () => {
  expect(keyOf({ namespace: 'a', name: 'b' })).toBe('a/b');
  expect(keyOf({ name: 'b' })).toBe('b');
});

test('an index follows an object from value to value and forgets it', () => {
  const cache = new ObjectCache<KubeResource>({ node: (object) => (object.node ? [object.node] : []) });
  cache.set(pod('one', 'n1'));
  cache.set(pod('two', 'n1'));
  expect(cache.byIndex('node', 'n1')).toHaveLength(2);

  const replaced = cache.set(pod('one', 'n2'));
  expect(replaced?.node).toBe('n1');
  expect(cache.byIndex('node', 'n1').map((o) => o.metadata.name)).toEqual(['two']);
  expect(cache.byIndex('node', 'n2').map((o) => o.metadata.name)).toEqual(['one']);

  cache.delete('a/one');
  expect(cache.byIndex('node', 'n2')).toEqual([]);
  expect(cache.delete('a/one')).toBeUndefined();
  expect(cache.byIndex('no-such-index', 'x')).toEqual([]);
});
