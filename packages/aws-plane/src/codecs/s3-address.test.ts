import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketOfHost, parseS3Address } from './s3-address.ts';

describe('bucketOfHost', () => {
  test.each([
    ['b.s3.amazonaws.com', 'b'],
    ['my.dotted.bucket.s3.amazonaws.com', 'my.dotted.bucket'],
    ['b.s3.us-east-1.amazonaws.com:4566', 'b'],
    ['b.s3-eu-west-1.amazonaws.com', 'b'],
    ['b.s3.dualstack.eu-west-1.amazonaws.com', 'b'],
    ['b.s3.cn-north-1.amazonaws.com.cn', 'b'],
    ['s3.s3.us-east-1.amazonaws.com', 's3'],
    ['b.localhost:4566', 'b'],
    ['b.s3.localhost:4566', 'b'],
    ['B.S3.amazonaws.com', 'b'],
  ])('%s names %s', (host, bucket) => {
    expect(bucketOfHost(host)).toBe(bucket);
  });

  test.each([
    '127.0.0.1:4566',
    'localhost:4566',
    's3.localhost:4566',
    's3.amazonaws.com',
    's3.us-east-1.amazonaws.com',
    's3-us-west-2.amazonaws.com',
    'sts.us-east-1.amazonaws.com',
    'example.com',
    '[::1]:4566',
  ])('%s names none', (host) => {
    expect(bucketOfHost(host)).toBeUndefined();
  });
});

describe('parseS3Address', () => {
  const path = (raw: string) => parseS3Address('127.0.0.1', raw);

  test('keeps a key exactly as it was sent', () => {
    expect(path('/b/a+b')).toEqual({ bucket: 'b', key: 'a+b' });
    expect(path('/b//a//b/')).toEqual({ bucket: 'b', key: '/a//b/' });
    expect(path('/b/a/../b/.')).toEqual({ bucket: 'b', key: 'a/../b/.' });
    expect(path('/b/a%2Fb%20c')).toEqual({ bucket: 'b', key: 'a/b c' });
    expect(parseS3Address('b.s3.amazonaws.com', '//x')).toEqual({ bucket: 'b', key: '/x' });
  });

  test('tells service, bucket and object apart', () => {
    expect(path('/')).toEqual({ bucket: undefined, key: undefined });
    expect(path('/b')).toEqual({ bucket: 'b', key: undefined });
    expect(path('/b/')).toEqual({ bucket: 'b', key: undefined });
  });

  test('refuses broken encodings', () => {
    expect(() => path('/b/%zz')).toThrow("Couldn't parse the specified URI.");
    expect(() => path('/b/%ff')).toThrow("Couldn't parse the specified URI.");
  });

  test('any key survives percent-encoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        expect(path(`/b/${encodeURIComponent(key)}`)).toEqual({ bucket: 'b', key });
      }),
    );
  });
});
