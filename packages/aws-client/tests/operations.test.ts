// Every operation of the services, with random full inputs and outputs, against the codecs of the plane: what we send
// is what it decodes, what it encodes is what we read.
import { Readable } from 'node:stream';
import { loadModel, type ServiceName, ShapeGraph } from '@pergola/aws-model';
import { systemClock } from '@pergola/kernel';
import { describe, expect, test } from 'vitest';
import { eventStreamOf } from '../../aws-plane/src/codecs/event-stream.ts';
import { buildCodec } from '../../aws-plane/src/codecs/load-codec.ts';
import { AwsFault } from '../../aws-plane/src/fault.ts';
import { RandomShapes } from '../../aws-plane/tests/random-shape.ts';
import type { AwsError } from '../src/aws-error.ts';
import { type AwsTarget, callOperation } from '../src/index.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../src/transport.ts';

const operations: Readonly<Partial<Record<ServiceName, number>>> = {
  sts: 11,
  iam: 180,
  s3: 111,
  logs: 116,
  rds: 168,
  dynamodb: 62,
  elasticache: 75,
  secretsmanager: 23,
  kms: 56,
};

/** A target whose requests `answer` gets instead of a network. */
function targetOf(answer: (request: HttpRequest) => Promise<HttpAnswer>, endpoint?: string): AwsTarget {
  const transport: Transport = {
    send: answer,
    open: () => Promise.reject(new Error('nothing is opened here')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return { endpoint, credentials, region: 'us-east-1', clock: systemClock, transport };
}

function wireRequest({ method, url, headers, body }: HttpRequest) {
  return {
    method,
    path: url.pathname,
    query: url.search.slice(1),
    headers,
    host: url.host,
    body: body === undefined ? Buffer.alloc(0) : Buffer.from(body as string),
  };
}

async function bytesOf(body: string | Buffer | Readable | undefined): Promise<Buffer> {
  if (body instanceof Readable) return Buffer.concat((await body.toArray()).map((part) => Buffer.from(part)));
  return Buffer.from(body ?? '');
}

describe.each(Object.entries(operations) as [ServiceName, number][])('%s', (service, count) => {
  test(`all ${count} operations round trip`, async () => {
    const model = await loadModel(service);
    const codec = buildCodec(service, model, { rules: {}, members: {} });
    const shapes = new ShapeGraph(model);
    let covered = 0;
    for (const operation of codec.operationNames()) {
      const described = model.operations[operation];
      const shape = described?.output ? shapes.structure(described.output) : undefined;
      if (shape && eventStreamOf(shape)) continue;
      const random = new RandomShapes(operation.length * 7919 + operation.charCodeAt(3));
      const input = described?.input ? random.structure(shapes.structure(described.input)) : {};
      const output = shape ? random.structure(shape) : {};
      const seen: { routed?: string | undefined; decoded?: object } = {};
      const target = targetOf(async (request) => {
        const wire = wireRequest(request);
        seen.routed = codec.route(wire)?.operation;
        seen.decoded = codec.decode(operation, wire);
        const { status, headers, body } = codec.encode(operation, output, 'request-1');
        return { status, headers, body: await bytesOf(body) };
      }, 'http://127.0.0.1:1');
      const { output: read } = await callOperation(target, { service, operation, input });
      expect(seen.routed).toBe(operation);
      expect(plain(seen.decoded), operation).toEqual(plain(input));
      // The JavaScript client's second name for the header Expires, which the random outputs leave out.
      const { ExpiresString: _, ...received } = read;
      expect(plain(received), operation).toEqual(plain(output));
      covered += 1;
    }
    expect(covered).toBe(count);
  });

  test('reads the code and the words of an error', async () => {
    const codec = buildCodec(service, await loadModel(service), { rules: {}, members: {} });
    const [operation = ''] = codec.operationNames();
    const target = targetOf(async () => {
      const fault = new AwsFault('SomethingOdd', 418, 'a <b> & "c"');
      const { status, headers, body } = codec.encodeFault(fault, 'request-2', { head: false });
      return { status, headers, body: await bytesOf(body) };
    }, 'http://127.0.0.1:1');
    const thrown = await callOperation(target, { service, operation, input: { Bucket: 'b' } }).catch(
      (error: unknown) => error as AwsError,
    );
    expect(thrown).toMatchObject({
      name: 'AwsError',
      code: 'SomethingOdd',
      status: 418,
      message: 'a <b> & "c"',
      requestId: 'request-2',
    });
  });
});

/** Bytes as base64, so that buffers and arrays of bytes compare. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

describe('hosts', () => {
  const urlOf = async (service: ServiceName, operation: string, input: object): Promise<string> => {
    let url = '';
    const target = targetOf((request) => {
      url = request.url.href;
      return Promise.resolve({ status: 200, headers: {}, body: Buffer.alloc(0) });
    });
    await callOperation(target, { service, operation, input }).catch(() => undefined);
    return url;
  };

  test('of buckets carry the name, unless it has a dot', async () => {
    expect(await urlOf('s3', 'HeadObject', { Bucket: 'b', Key: 'a b/ü' })).toBe(
      'https://b.s3.us-east-1.amazonaws.com/a%20b/%C3%BC',
    );
    expect(await urlOf('s3', 'GetBucketPolicy', { Bucket: 'b.c' })).toBe(
      'https://s3.us-east-1.amazonaws.com/b.c?policy=',
    );
  });

  test.each(['', '.', '..', '2852039166/', 'evil.example/x', 'b/key', 'b?acl', 'b#', 'b@c', 'ü'])(
    "'%s' as a bucket's name reaches no host",
    async (bucket) => {
      const target = targetOf(() => Promise.reject(new Error('a request was sent')));
      const call = { service: 's3', operation: 'DeleteBucket', input: { Bucket: bucket } } as const;
      await expect(callOperation(target, call)).rejects.toMatchObject({ code: 'InvalidBucketName' });
    },
  );

  test('are those of the services', async () => {
    expect(await urlOf('dynamodbstreams', 'ListStreams', {})).toBe(
      'https://streams.dynamodb.us-east-1.amazonaws.com/',
    );
    expect(await urlOf('rds', 'DescribeDBInstances', {})).toBe('https://rds.us-east-1.amazonaws.com/');
  });
});

describe('an answer', () => {
  test('to HEAD says by its status what is wrong', async () => {
    const target = targetOf(() => Promise.resolve({ status: 404, headers: {}, body: Buffer.alloc(0) }));
    const call = { service: 's3', operation: 'HeadBucket', input: { Bucket: 'b' } } as const;
    await expect(callOperation(target, call)).rejects.toMatchObject({ code: 'NotFound', status: 404 });
  });

  test.each([
    ['rds', 'DescribeDBInstances', '<DescribeDBInstancesResponse><Desc'],
    ['dynamodb', 'ListTables', '{"TableNames": ["a"'],
    ['dynamodb', 'ListTables', '{"TableNames": 3}'],
  ] as const)('of %s that was cut off or is something else is told', async (service, operation, text) => {
    const target = targetOf(() => Promise.resolve({ status: 200, headers: {}, body: Buffer.from(text) }));
    await expect(callOperation(target, { service, operation, input: {} })).rejects.toMatchObject({
      code: 'InvalidAnswer',
    });
  });

  test('of S3 may fail after it has begun', async () => {
    const body = Buffer.from(
      '<?xml version="1.0"?>\n<Error><Code>SlowDown</Code><Message>m</Message></Error>',
    );
    const target = targetOf(() => Promise.resolve({ status: 200, headers: {}, body }));
    const input = { Bucket: 'b', Key: 'k', CopySource: 'b/x' };
    await expect(
      callOperation(target, { service: 's3', operation: 'CopyObject', input }),
    ).rejects.toMatchObject({
      code: 'SlowDown',
    });
  });

  test('is not waited for when the service has no such operation', async () => {
    const target = targetOf(() => Promise.reject(new Error('a request was sent')));
    await expect(callOperation(target, { service: 'rds', operation: 'toString', input: {} })).rejects.toThrow(
      'rds has no operation toString',
    );
  });
});
