import { describe, expect, it } from 'vitest';
import { parseCopySource } from './copy-source.ts';

describe('parseCopySource', () => {
  it.each([
    ['b/k', { Bucket: 'b', Key: 'k' }],
    ['/b/a/b', { Bucket: 'b', Key: 'a/b' }],
    ['b/a%20%2Bb%3Fc', { Bucket: 'b', Key: 'a +b?c' }],
    ['b%2Fa%2Fb%2520c', { Bucket: 'b', Key: 'a/b%20c' }],
    ['b/a+b', { Bucket: 'b', Key: 'a b' }],
    ['b//k', { Bucket: 'b', Key: '/k' }],
    ['b/k?versionId=null', { Bucket: 'b', Key: 'k', VersionId: 'null' }],
    ['b/what?%20x', { Bucket: 'b', Key: 'what? x' }],
  ])('%s', (header, source) => {
    expect(parseCopySource(header)).toEqual({ VersionId: undefined, ...source });
  });

  it.each(['', '/', 'b', 'b/', 'b/%zz'])('refuses %j', (header) => {
    expect(() => parseCopySource(header)).toThrow('Invalid copy source object key');
  });
});
