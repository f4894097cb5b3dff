import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestInfoOf } from './request-info.ts';

const info = (method: string, path: string, query = '') =>
  requestInfoOf(method, path, new URLSearchParams(query));

describe('requestInfoOf', () => {
  it.each([
    [
      'GET',
      '/api/v1/namespaces/a/pods/p',
      '',
      { verb: 'get', group: '', version: 'v1', namespace: 'a', resource: 'pods', name: 'p' },
    ],
    ['GET', '/api/v1/pods', '', { verb: 'list', resource: 'pods', namespace: '', name: '' }],
    [
      'GET',
      '/apis/apps/v1/namespaces/a/deployments',
      'watch=true',
      { verb: 'watch', group: 'apps', resource: 'deployments' },
    ],
    [
      'GET',
      '/api/v1/namespaces/a/pods',
      'watch=1&fieldSelector=metadata.name%3Dp',
      { verb: 'watch', name: 'p' },
    ],
    ['GET', '/api/v1/namespaces/a/pods', 'watch=false', { verb: 'list' }],
    ['POST', '/api/v1/namespaces/a/pods/p/exec', '', { verb: 'create', subresource: 'exec', name: 'p' }],
    ['GET', '/api/v1/namespaces/a', '', { verb: 'get', resource: 'namespaces', name: 'a', namespace: 'a' }],
    [
      'PUT',
      '/api/v1/namespaces/a/finalize',
      '',
      { verb: 'update', resource: 'namespaces', name: 'a', subresource: 'finalize' },
    ],
    ['DELETE', '/api/v1/namespaces/a/pods', '', { verb: 'deletecollection' }],
    ['DELETE', '/api/v1/namespaces/a/pods/p', '', { verb: 'delete' }],
    ['GET', '/api/v1/namespaces/a/pods/p/proxy/x/y', '', { subresource: 'proxy', rest: ['x', 'y'] }],
  ])('%s %s?%s', (method, path, query, wanted) => {
    expect(info(method, path, query)).toMatchObject({ isResource: true, ...wanted });
  });

  it('leaves other paths alone', () => {
    for (const path of [
      '/',
      '/healthz',
      '/api',
      '/apis/apps',
      '/openapi/v3',
      '/api/clusters_mgmt/v1/clusters',
    ]) {
      expect(info('GET', path)).toMatchObject({ isResource: false, verb: 'get', path });
    }
  });

  it('takes an escaped slash for a slash, so that no name can hold one', () => {
    expect(info('GET', '/api/v1/namespaces/a%2Fpods')).toMatchObject({ namespace: 'a', resource: 'pods' });
  });

  it('fails only for bad escapes', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.constantFrom('GET', 'POST', 'DELETE', 'OPTIONS'), (path, method) => {
        expect(info(method, path).path).toBe(path);
      }),
    );
  });
});
