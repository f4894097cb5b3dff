import { beforeAll, describe, expect, test } from 'vitest';
import { loadModel } from '@pergola/aws-model';
import { RestRouter } from './route-rest.ts';

let router: RestRouter;
beforeAll(async () => {
  router = new RestRouter(await loadModel('s3'));
});

function route(
  line: string,
  headers: Record<string, string> = {},
  host = '127.0.0.1:4566',
): string | undefined {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  return router.route({ method, path, query, headers, host, body: Buffer.alloc(0) });
}

describe('plain requests', () => {
  test.each([
    ['GET /', 'ListBuckets'],
    ['PUT /b', 'CreateBucket'],
    ['PUT /b/', 'CreateBucket'],
    ['HEAD /b', 'HeadBucket'],
    ['DELETE /b', 'DeleteBucket'],
    ['GET /b', 'ListObjects'],
    ['GET /b/?prefix=x&delimiter=%2F', 'ListObjects'],
    ['GET /b?list-type=2&encoding-type=url', 'ListObjectsV2'],
    ['GET /b?list-type=1', 'ListObjects'],
    ['GET /b/k', 'GetObject'],
    ['GET /b//', 'GetObject'],
    ['HEAD /b/k', 'HeadObject'],
    ['PUT /b/k', 'PutObject'],
    ['PUT /b/a/b/c?x-id=PutObject', 'PutObject'],
    ['DELETE /b/k', 'DeleteObject'],
    ['DELETE /b/k?versionId=1', 'DeleteObject'],
    ['GET /b/k?partNumber=2', 'GetObject'],
  ])('%s is %s', (line, operation) => {
    expect(route(line)).toBe(operation);
  });
});

describe('sub-resources, with and without an equals sign', () => {
  test.each([
    ['POST /b?delete', 'DeleteObjects'],
    ['POST /b?delete=', 'DeleteObjects'],
    ['GET /b?location', 'GetBucketLocation'],
    ['GET /b?policy', 'GetBucketPolicy'],
    ['PUT /b?policy=', 'PutBucketPolicy'],
    ['GET /b?policyStatus', 'GetBucketPolicyStatus'],
    ['GET /b?uploads', 'ListMultipartUploads'],
    ['POST /b/k?uploads=', 'CreateMultipartUpload'],
    ['GET /b/k?uploadId=1', 'ListParts'],
    ['PUT /b/k?partNumber=1&uploadId=1', 'UploadPart'],
    ['POST /b/k?uploadId=1', 'CompleteMultipartUpload'],
    ['DELETE /b/k?uploadId=1', 'AbortMultipartUpload'],
    ['GET /b?analytics', 'ListBucketAnalyticsConfigurations'],
    ['GET /b?analytics&id=1', 'GetBucketAnalyticsConfiguration'],
    ['GET /b/k?attributes', 'GetObjectAttributes'],
    ['POST /b/k?select&select-type=2', 'SelectObjectContent'],
    ['GET /b?acl', 'GetBucketAcl'],
    ['GET /b/k?acl', 'GetObjectAcl'],
  ])('%s is %s', (line, operation) => {
    expect(route(line)).toBe(operation);
  });
});

test('a copy is told by its header', () => {
  const headers = { 'x-amz-copy-source': '/b/k' };
  expect(route('PUT /b/k', headers)).toBe('CopyObject');
  expect(route('PUT /b/k?partNumber=1&uploadId=1', headers)).toBe('UploadPartCopy');
});

describe('a sub-resource is never taken for the whole', () => {
  test('a missing parameter does not fall through to another operation', () => {
    expect(route('DELETE /b?analytics')).toBe('DeleteBucketAnalyticsConfiguration');
    expect(route('DELETE /b/k?annotation')).toBe('DeleteObjectAnnotation');
    expect(route('PUT /b/k?uploadId=1')).toBeUndefined();
    expect(route('PUT /b/k?partNumber=1')).toBeUndefined();
  });

  test('two sub-resources, or one at the wrong place, are no operation', () => {
    expect(route('GET /b?acl&policy')).toBeUndefined();
    expect(route('DELETE /b/k?policy')).toBeUndefined();
    expect(route('DELETE /b?acl')).toBeUndefined();
    expect(route('POST /b/k')).toBeUndefined();
    expect(route('PATCH /b/k')).toBeUndefined();
  });

  test('the hint x-id does not choose against the request', () => {
    expect(route('GET /b/k?x-id=DeleteObject')).toBe('GetObject');
    expect(route('GET /?x-id=ListDirectoryBuckets')).toBe('ListDirectoryBuckets');
  });
});

test('virtual hosts', () => {
  expect(route('GET /', {}, 'b.s3.us-east-1.amazonaws.com')).toBe('ListObjects');
  expect(route('PUT /k', {}, 'b.s3.amazonaws.com')).toBe('PutObject');
  expect(route('GET /', {}, 's3.eu-west-1.amazonaws.com')).toBe('ListBuckets');
});

test('every operation of the model is reached by its own request', async () => {
  const model = await loadModel('s3');
  const missed = Object.entries(model.operations).filter(([name, operation]) => {
    const [method = '', path = '', query = ''] = operation.http ?? [];
    const input = operation.input === undefined ? undefined : model.shapes[operation.input];
    const members = input && 'members' in input ? Object.entries(input.members) : [];
    const required = input && 'members' in input ? members.slice(0, input.required ?? 0) : [];
    const bindings = required.flatMap(([, member]) => (typeof member === 'string' ? [] : [member[1]]));
    const queries = bindings.flatMap(({ query: wire }) => (wire === undefined ? [] : [`${wire}=1`]));
    const headers = Object.fromEntries(
      bindings.flatMap(({ header }) => (header === undefined ? [] : [[header, '1']])),
    );
    const hasBucket = members.some(([member]) => member === 'Bucket');
    const target = `${hasBucket ? '/b' : ''}${path.replace('{Key+}', 'k')}`;
    return route(`${method} ${target}?${[query, ...queries].filter(Boolean).join('&')}`, headers) !== name;
  });
  expect(missed.map(([name]) => name)).toEqual([]);
});
