import { BugError } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { listParameters, resourcePath, watchParameters, withQuery } from './paths.ts';
import { resourceTypes } from './resource-types.ts';

const { pods, namespaces, deployments } = resourceTypes;

test('core and grouped resources, collections, objects and subresources', () => {
  expect(resourcePath(pods, undefined)).toBe('/api/v1/pods');
  expect(resourcePath(pods, 'a')).toBe('/api/v1/namespaces/a/pods');
  expect(resourcePath(pods, 'a', 'b', 'status')).toBe('/api/v1/namespaces/a/pods/b/status');
  expect(resourcePath(namespaces, 'ignored', 'b')).toBe('/api/v1/namespaces/b');
  expect(resourcePath(deployments, 'a', 'system:x')).toBe(
    '/apis/apps/v1/namespaces/a/deployments/system%3Ax',
  );
});

test.each(['', '.', '..', 'a/b', 'a%2fb'])('the name %j cannot leave its segment', (name) => {
  expect(() => resourcePath(pods, 'a', name)).toThrow(BugError);
  expect(() => resourcePath(namespaces, undefined, name)).toThrow(BugError);
});

test('an object of a namespaced type needs its namespace', () => {
  expect(() => resourcePath(pods, undefined, 'b')).toThrow('an empty namespace may not be set');
});

test('only parameters with a value are sent', () => {
  expect(withQuery('/x', { a: undefined, b: '', c: 0, d: false, e: 'k=v' })).toBe('/x?c=0&d=false&e=k%3Dv');
  expect(withQuery('/x', {})).toBe('/x');
});

test('a continued list does not repeat the version', () => {
  const query = { resourceVersion: '5', labelSelector: 'a=b' };
  expect(listParameters(query, { limit: 500 }).resourceVersion).toBe('5');
  expect(listParameters(query, { limit: 500, continue: 'next' })).toMatchObject({
    continue: 'next',
    resourceVersion: undefined,
    labelSelector: 'a=b',
  });
});

test('WatchList carries its match rule, an ordinary watch does not', () => {
  expect(watchParameters({ resourceVersion: '', sendInitialEvents: true }, 9)).toMatchObject({
    sendInitialEvents: true,
    resourceVersionMatch: 'NotOlderThan',
    allowWatchBookmarks: true,
    timeoutSeconds: 9,
  });
  expect(watchParameters({ resourceVersion: '7' }, 9)).not.toHaveProperty('sendInitialEvents');
});
