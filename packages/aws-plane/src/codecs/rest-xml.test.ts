import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { AwsFault } from '../fault.ts';
import type { ServiceCodec } from './codec.ts';
import { loadCodec } from './load-codec.ts';
import { wireRequest } from './wire.fixture.ts';

let s3: ServiceCodec;
beforeAll(async () => {
  s3 = await loadCodec('s3');
});

const md5 = { 'content-md5': 'x' };

describe('decode', () => {
  test('labels, query, headers and prefixed headers', () => {
    const headers = {
      'x-amz-meta-a': '1',
      'content-type': 'text/plain',
      'if-modified-since': 'Sun, 06 Nov 1994 08:49:37 GMT',
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    };
    expect(s3.decode('PutObject', wireRequest('PUT /b/a%20b', 'x', headers))).toMatchObject({
      Bucket: 'b',
      Key: 'a b',
      Metadata: { a: '1' },
      ContentType: 'text/plain',
      BucketKeyEnabled: true,
    });
    const get = wireRequest('GET /b/k?response-content-type=a%2Fb&partNumber=3&versionId=v+1', '', headers);
    expect(s3.decode('GetObject', get)).toEqual({
      Bucket: 'b',
      Key: 'k',
      ResponseContentType: 'a/b',
      PartNumber: 3,
      VersionId: 'v 1',
      IfModifiedSince: new Date(Date.UTC(1994, 10, 6, 8, 49, 37)),
    });
  });

  test('a stream is handed on, never read', () => {
    const body = Readable.from(['x']);
    expect(s3.streams('PutObject')).toBe(true);
    expect(s3.streams('DeleteObjects')).toBe(false);
    expect(s3.decode('PutObject', { ...wireRequest('PUT /b/k'), body })).toMatchObject({ Body: body });
  });

  test('aws-chunked is no encoding of the object, and its length not the object’s', () => {
    const headers = {
      'content-encoding': 'aws-chunked,gzip',
      'content-length': '120',
      'x-amz-decoded-content-length': '100',
    };
    expect(s3.decode('PutObject', wireRequest('PUT /b/k', '', headers))).toMatchObject({
      ContentEncoding: 'gzip',
      ContentLength: 100,
    });
    const plain = { 'content-encoding': 'aws-chunked', 'content-length': '120' };
    expect(s3.decode('PutObject', wireRequest('PUT /b/k', '', plain))).not.toHaveProperty('ContentEncoding');
  });

  test('lists in headers', () => {
    const headers = { 'x-amz-object-attributes': 'ETag, ObjectSize,"a,b"' };
    expect(s3.decode('GetObjectAttributes', wireRequest('GET /b/k?attributes', '', headers))).toMatchObject({
      ObjectAttributes: ['ETag', 'ObjectSize', 'a,b'],
    });
  });

  test('documents, with flat and wrapped lists and any prefix', () => {
    const document =
      '<?xml version="1.0"?><n:Delete xmlns:n="http://s3.amazonaws.com/doc/2006-03-01/"><n:Quiet>true</n:Quiet>' +
      '<n:Object><n:Key> a&amp;b </n:Key></n:Object><n:Object><n:Key>c</n:Key></n:Object></n:Delete>';
    expect(s3.decode('DeleteObjects', wireRequest('POST /b?delete', document, md5))).toEqual({
      Bucket: 'b',
      Delete: { Quiet: true, Objects: [{ Key: ' a&b ' }, { Key: 'c' }] },
    });
    const tagging = wireRequest('PUT /b?tagging', '<Tagging><TagSet/></Tagging>', md5);
    expect(s3.decode('PutBucketTagging', tagging)).toMatchObject({ Tagging: { TagSet: [] } });
  });

  test.each([
    ['not XML', 'x'],
    ['another root', '<Remove><Object><Key>a</Key></Object></Remove>'],
    ['no required list', '<Delete><Quiet>true</Quiet></Delete>'],
    ['no required member', '<Delete><Object/></Delete>'],
    ['a word for a boolean', '<Delete><Quiet>maybe</Quiet><Object><Key>a</Key></Object></Delete>'],
    ['a DTD', '<!DOCTYPE a><Delete><Object><Key>a</Key></Object></Delete>'],
  ])('%s is MalformedXML', (_, document) => {
    expect(() => s3.decode('DeleteObjects', wireRequest('POST /b?delete', document, md5))).toThrow(
      expect.objectContaining({ code: 'MalformedXML', status: 400 }),
    );
  });

  test('what else is missing or wrong', () => {
    const fails = (operation: string, line: string, headers: Record<string, string> = {}) => {
      return expect(() => s3.decode(operation, wireRequest(line, '', headers)));
    };
    fails('DeleteObjects', 'POST /b?delete').toThrow('Missing required header for this request: Content-MD5');
    fails('DeleteObjects', 'POST /b?delete', md5).toThrow(
      expect.objectContaining({ code: 'MissingRequestBodyError' }),
    );
    fails('GetObjectAttributes', 'GET /b/k?attributes').toThrow('x-amz-object-attributes');
    fails('ListObjectsV2', 'GET /b?list-type=2&max-keys=many').toThrow(
      new AwsFault('InvalidArgument', 400, 'Provided max-keys not an integer or within integer range', {
        ArgumentName: 'max-keys',
        ArgumentValue: 'many',
      }),
    );
  });

  test('an unreadable date in a condition is ignored', () => {
    const request = wireRequest('GET /b/k', '', { 'if-modified-since': 'yesterday' });
    expect(s3.decode('GetObject', request)).toEqual({ Bucket: 'b', Key: 'k' });
  });
});

describe('encode', () => {
  test('a document with milliseconds and escaped text; absent lists stay absent', () => {
    const contents = [{ Key: 'a"<\r', LastModified: new Date(0), ETag: '"e"', Size: 0 }];
    const response = s3.encode('ListObjectsV2', { Name: 'b', Contents: contents, CommonPrefixes: [] }, 'ID');
    expect(response.headers).toMatchObject({ 'content-type': 'application/xml', 'x-amz-request-id': 'ID' });
    expect(response.body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        '<Contents><Key>a&quot;&lt;&#xD;</Key><LastModified>1970-01-01T00:00:00.000Z</LastModified>' +
        '<ETag>&quot;e&quot;</ETag><Size>0</Size></Contents><Name>b</Name></ListBucketResult>',
    );
  });

  test('the location is the text of the root', () => {
    const body = (output: object) => String(s3.encode('GetBucketLocation', output, 'x').body);
    expect(body({ LocationConstraint: 'eu-west-1' })).toMatch(
      /<LocationConstraint xmlns="[^"]*">eu-west-1<\/Loc/,
    );
    expect(body({})).toMatch(/<LocationConstraint xmlns="[^"]*"><\/Loc/);
  });

  test('a stream with its headers; a part has its own status', () => {
    const Body = Readable.from(['x']);
    const output = { Body, ContentLength: 1, LastModified: new Date(0), Metadata: { k: 'v' } };
    const whole = s3.encode('GetObject', output, 'x');
    expect(whole).toMatchObject({
      status: 200,
      body: Body,
      headers: {
        'content-length': '1',
        'content-type': 'binary/octet-stream',
        'last-modified': 'Thu, 01 Jan 1970 00:00:00 GMT',
        'x-amz-meta-k': 'v',
      },
    });
    expect(s3.encode('GetObject', { ContentRange: 'bytes 0-0/2' }, 'x').status).toBe(206);
  });

  test('no output and HEAD have no body', () => {
    expect(s3.encode('DeleteBucket', {}, 'x')).toMatchObject({ status: 204, body: undefined });
    expect(s3.encode('HeadObject', { ContentLength: 5 }, 'x')).toMatchObject({
      status: 200,
      body: undefined,
    });
  });

  test('a header value cannot begin another header', () => {
    expect(() => s3.encode('GetObject', { ContentDisposition: 'a\r\nset-cookie: b' }, 'x')).toThrow(
      'ISO-8859-1',
    );
  });
});

describe('encodeFault', () => {
  const fault = new AwsFault('NoSuchKey', 404, 'The specified key does not exist.', { Key: 'a&b' });

  test('has fields between message and request id', () => {
    const { status, headers, body } = s3.encodeFault(fault, 'ID', { head: false });
    expect(status).toBe(404);
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>' +
        '<Message>The specified key does not exist.</Message><Key>a&amp;b</Key><RequestId>ID</RequestId>' +
        `<HostId>${headers['x-amz-id-2']}</HostId></Error>`,
    );
  });

  test('HEAD and 304 have no body', () => {
    expect(s3.encodeFault(fault, 'ID', { head: true }).body).toBeUndefined();
    expect(s3.encodeFault(new AwsFault('NotModified', 304, ''), 'ID', { head: false }).body).toBeUndefined();
  });

  test('what no operation fits', () => {
    expect(s3.unknownOperation(wireRequest('POST /b/k'))).toMatchObject({
      code: 'MethodNotAllowed',
      status: 405,
    });
    expect(s3.unknownOperation(wireRequest('GET /b?acl&policy'))).toMatchObject({
      code: 'InvalidArgument',
      message: 'Conflicting query string parameters: acl, policy',
    });
  });
});
