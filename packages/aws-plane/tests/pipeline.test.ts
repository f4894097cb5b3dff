// The pipeline itself: routing, signatures, bodies and faults in each protocol, over raw HTTP and the SDK's clients.
import { createHash, createHmac } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { RDSClient, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
  SelectObjectContentCommand,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, GetFederationTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { signRequest } from '@pergola/sigv4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3 } from '../src/services/s3/service.ts';
import {
  adminKey,
  guestKey,
  inactiveKey,
  refusalOf,
  secretAccessKey,
  startTestPlane,
  type TestPlane,
} from './plane.ts';

let plane: TestPlane;
const logged: { fields: object; message: string }[] = [];
beforeAll(async () => {
  const keep = (fields: object, message: string) => void logged.push({ fields, message });
  const logger = { debug: keep, info: keep, warn: keep, error: keep, child: () => logger };
  const broken = {
    name: 'logs' as const,
    operations: [
      {
        name: 'DescribeLogGroups',
        access: { authenticated: 'a test' },
        handle: () => {
          throw new TypeError('undefined is not a function');
        },
      },
      {
        name: 'PutLogEvents',
        access: { authenticated: 'a test' },
        handle: () => ({ nextSequenceToken: '1' }),
      },
    ],
  };
  plane = await startTestPlane({ services: [s3, broken], logger });
  const client = s3Client();
  await client.send(new CreateBucketCommand({ Bucket: 'box' }));
  client.destroy();
});
afterAll(() => plane[Symbol.asyncDispose]());

const credentials = { accessKeyId: adminKey, secretAccessKey };
const config = (more: object = {}) => ({
  region: 'us-east-1',
  endpoint: plane.url,
  maxAttempts: 1,
  credentials,
  ...more,
});
const s3Client = (more: object = {}) => new S3Client({ ...config(more), forcePathStyle: true });

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

function raw({ method = 'GET', path = '/', headers = {}, body }: RawRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = requestHttp(
      { host: '127.0.0.1', port: plane.port, method, path, headers, agent: false },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

interface SignedRequest extends RawRequest {
  readonly service: string;
  readonly atMs?: number;
}

/** A request signed by our own signer, which the SDK's signer has been compared with. */
function signed({
  service,
  atMs = Date.now(),
  method = 'POST',
  path = '/',
  headers = {},
  body = '',
}: SignedRequest) {
  const host = `127.0.0.1:${plane.port}`;
  const [pathname = '/', query = ''] = path.split('?');
  const all = signRequest(
    { method, path: pathname, query, headers: { host, ...headers } },
    { credentials, region: 'us-east-1', service, nowMs: atMs, body },
  );
  return { method, path, headers: all, body };
}
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const whoAmI = 'Action=GetCallerIdentity&Version=2011-06-15';
const amzDate = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');

describe('signatures, per protocol', () => {
  const bad = (accessKeyId: string, secret = secretAccessKey, sessionToken?: string) => ({
    credentials: { accessKeyId, secretAccessKey: secret, ...(sessionToken ? { sessionToken } : {}) },
  });
  const askAs = {
    query: (more: object) => new IAMClient(config(more)).send(new ListRolesCommand()),
    json10: (more: object) => new DynamoDBClient(config(more)).send(new ListTablesCommand()),
    json11: (more: object) => new CloudWatchLogsClient(config(more)).send(new DescribeLogGroupsCommand()),
    s3: (more: object) => s3Client(more).send(new ListBucketsCommand()),
  };
  const invalidToken = 'The security token included in the request is invalid.';

  it.each([
    ['query', 'InvalidClientTokenId', 403, invalidToken],
    ['json10', 'UnrecognizedClientException', 400, invalidToken],
    ['json11', 'UnrecognizedClientException', 400, invalidToken],
    ['s3', 'InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
  ] as const)('an unknown or inactive key: %s', async (kind, code, status, message) => {
    expect(await refusalOf(askAs[kind](bad('AKIANOSUCHKEY0000000')))).toMatchObject({
      code,
      status,
      message,
    });
    expect(await refusalOf(askAs[kind](bad(inactiveKey)))).toMatchObject({ code, status, message });
  });

  const mismatch =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
  it.each([
    ['query', 'SignatureDoesNotMatch', 403, mismatch],
    ['json10', 'InvalidSignatureException', 400, mismatch],
    ['json11', 'InvalidSignatureException', 400, mismatch],
    [
      's3',
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ],
  ] as const)('a wrong secret: %s', async (kind, code, status, message) => {
    const refusal = await refusalOf(askAs[kind](bad(adminKey, 'wrong')));
    expect(refusal).toMatchObject({ code, status, message });
    const record = plane.records.find(refusal.requestId);
    expect(record).toMatchObject({ status, errorCode: code, principal: 'anonymous' });
    expect(record?.steps.at(-1)).toMatchObject({ check: 'sigv4.signature', outcome: 'failed' });
    expect(JSON.stringify(record)).not.toContain(secretAccessKey);
  });

  it.each([
    ['query', 'InvalidClientTokenId', 403],
    ['json10', 'UnrecognizedClientException', 400],
    ['s3', 'InvalidToken', 400],
  ] as const)('a token that is not ours: %s', async (kind, code, status) => {
    expect(await refusalOf(askAs[kind](bad('ASIAABCDEFGHIJKLMNOP', 'x', 'made-up')))).toMatchObject({
      code,
      status,
    });
    expect(await refusalOf(askAs[kind](bad(adminKey, secretAccessKey, 'made-up')))).toMatchObject({
      code,
      status,
    });
  });

  it.each([
    ['sts', form, whoAmI, 403, '<Code>SignatureDoesNotMatch</Code>'],
    [
      'dynamodb',
      { 'x-amz-target': 'DynamoDB_20120810.ListTables', 'content-type': 'application/x-amz-json-1.0' },
      '{}',
      400,
      'InvalidSignatureException',
    ],
  ])('a clock that is behind or ahead: %s', async (...[service, headers, body, status, code]) => {
    const now = Date.now();
    const behind = await raw(signed({ service, headers, body, atMs: now - 1_000_000 }));
    expect(behind).toMatchObject({ status, body: expect.stringContaining(code) });
    expect(behind.body).toMatch(
      new RegExp(
        `Signature expired: ${amzDate(now - 1_000_000)} is now earlier than \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z - 15 min\\.\\)`,
      ),
    );
    const ahead = await raw(signed({ service, headers, body, atMs: now + 1_000_000 }));
    expect(ahead.body).toMatch(/Signature not yet current: .* is still later than .* \(.* \+ 15 min\.\)/);
  });

  it('CloudWatch Logs holds its window to five minutes, S3 has its own words', async () => {
    const headers = {
      'x-amz-target': 'Logs_20140328.PutLogEvents',
      'content-type': 'application/x-amz-json-1.1',
    };
    const late = await raw(signed({ service: 'logs', headers, body: '{}', atMs: Date.now() - 301_000 }));
    expect(late).toMatchObject({ status: 400, body: expect.stringContaining('- 5 min.)') });
    const skewed = await raw(
      signed({ service: 's3', method: 'GET', path: '/box', atMs: Date.now() - 1_000_000 }),
    );
    expect(skewed).toMatchObject({
      status: 403,
      body: expect.stringContaining('<Code>RequestTimeTooSkewed</Code>'),
    });
  });

  it('no signature at all', async () => {
    const query = await raw({ method: 'POST', headers: form, body: whoAmI });
    expect(query).toMatchObject({
      status: 403,
      body: expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
    });
    expect(query.body).toContain('<Message>Request is missing Authentication Token</Message>');
    const json = await raw({
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' },
      body: '{}',
    });
    expect(json).toMatchObject({
      status: 400,
      body: expect.stringContaining('MissingAuthenticationTokenException'),
    });
    const before = logged.length;
    const object = await raw({ path: '/box/secret' });
    expect(logged.slice(before)).toMatchObject([
      {
        fields: { service: 's3', code: 'AccessDenied', principal: 'anonymous' },
        message: 'a call was denied',
      },
    ]);
    expect(object).toMatchObject({
      status: 403,
      body: expect.stringContaining('<Message>Access Denied</Message>'),
    });
  });

  it('headers that cannot be read', async () => {
    const host = `127.0.0.1:${plane.port}`;
    const authorization = 'AWS4-HMAC-SHA256 Credential=x';
    const query = await raw({ method: 'POST', headers: { ...form, host, authorization }, body: whoAmI });
    expect(query).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>IncompleteSignature</Code>'),
    });
    expect(query.body).toContain("Authorization header requires 'Signature' parameter.");
    const object = await raw({ path: '/box', headers: { authorization } });
    expect(object).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>AuthorizationHeaderMalformed</Code>'),
    });
    const v2 = await raw({ path: '/box', headers: { authorization: 'AWS key:signature' } });
    expect(v2).toMatchObject({ status: 400, body: expect.stringContaining('Please use AWS4-HMAC-SHA256.') });
  });

  it('S3 shows what it computed', async () => {
    const request = signed({ service: 's3', method: 'GET', path: '/box' });
    const answer = await raw({ ...request, path: '/box?prefix=x' });
    expect(answer.body).toMatch(
      /<StringToSign>AWS4-HMAC-SHA256\n[^]*<SignatureProvided>[0-9a-f]{64}<[^]*<CanonicalRequest>GET\n\/box\nprefix=x\n/,
    );
  });
});

describe('routing', () => {
  it('finds the service by scope, target, form, query and host', async () => {
    await new STSClient(config()).send(new GetCallerIdentityCommand());
    const byQuery = await raw({ path: `/?${whoAmI}` });
    expect(byQuery.body).toContain('MissingAuthenticationToken');
    const byHost = await raw({ method: 'POST', headers: { host: 'iam.amazonaws.com' }, body: '' });
    expect(byHost.body).toContain('https://iam.amazonaws.com/doc/2010-05-08/');
    const regional = await raw({
      method: 'POST',
      headers: { host: 'sts.eu-west-1.amazonaws.com' },
      body: '',
    });
    expect(regional.body).toContain('https://sts.amazonaws.com/doc/2011-06-15/');
    const bucket = await raw({ path: '/key', headers: { host: 'box.s3.us-east-1.amazonaws.com' } });
    expect(bucket.body).toContain('<Code>AccessDenied</Code>');
    // A bucket may be called like a service.
    for (const host of [
      'constructor.amazonaws.com',
      'constructor.us-east-1.amazonaws.com',
      'logs.s3.amazonaws.com',
    ])
      expect((await raw({ path: '/key', headers: { host } })).body).toMatch(
        /<Code>(AccessDenied|NoSuchBucket)</,
      );
    const named = await raw({ path: '/key', headers: { host: 'iam.s3.us-east-1.amazonaws.com' } });
    expect(named.body).toContain('<HostId>');
  });

  it('presigned query requests work for services that are not S3', async () => {
    const { SignatureV4 } = await import('@smithy/signature-v4');
    const { Sha256 } = await import('@aws-crypto/sha256-js');
    const signer = new SignatureV4({ credentials, region: 'us-east-1', service: 'sts', sha256: Sha256 });
    const request = await signer.presign({
      method: 'GET',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: `127.0.0.1:${plane.port}` },
    });
    const query = new URLSearchParams(request.query as Record<string, string>);
    expect(await raw({ path: `/?${query}` })).toMatchObject({
      status: 200,
      body: expect.stringContaining('user/admin'),
    });
  });

  it('says which operation or service is not there', async () => {
    expect(
      await refusalOf(new STSClient(config()).send(new GetFederationTokenCommand({ Name: 'me' }))),
    ).toMatchObject({
      code: 'NotImplemented',
      status: 501,
      message: 'The operation GetFederationToken of sts is not implemented by this endpoint.',
    });
    expect(await refusalOf(new RDSClient(config()).send(new DescribeDBInstancesCommand()))).toMatchObject({
      code: 'NotImplemented',
      status: 501,
    });
    const select = new SelectObjectContentCommand({
      Bucket: 'box',
      Key: 'k',
      Expression: 'x',
      ExpressionType: 'SQL',
      InputSerialization: { CSV: {} },
      OutputSerialization: { CSV: {} },
    });
    expect(await refusalOf(s3Client().send(select))).toMatchObject({ code: 'NotImplemented', status: 501 });
    const unknown = await raw(
      signed({ service: 'sts', headers: form, body: 'Action=Nonsense&Version=2011-06-15' }),
    );
    expect(unknown).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>InvalidAction</Code>'),
    });
    const target = {
      'x-amz-target': 'DynamoDB_20120810.Nonsense',
      'content-type': 'application/x-amz-json-1.0',
    };
    const json = await raw(signed({ service: 'dynamodb', headers: target, body: '{}' }));
    expect(json).toMatchObject({ status: 400, body: expect.stringContaining('UnknownOperationException') });
    const service = await raw(
      signed({ service: 'sqs', headers: { 'x-amz-target': 'AmazonSQS.SendMessage' }, body: '{}' }),
    );
    expect(service).toMatchObject({ status: 501, body: expect.stringContaining('AmazonSQS') });
  });

  it('answers the health page without credentials', async () => {
    expect(await raw({ path: '/_pergola/health' })).toMatchObject({ status: 200, body: '{"status":"ok"}\n' });
  });
});

describe('faults', () => {
  it('a denial names the caller, the action and the reason, in each protocol', async () => {
    const guest = { credentials: { accessKeyId: guestKey, secretAccessKey } };
    const refusal = await refusalOf(s3Client(guest).send(new ListBucketsCommand()));
    expect(refusal).toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message:
        'User: arn:aws:iam::123456789012:user/guest is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action',
    });
    expect(plane.records.find(refusal.requestId)).toMatchObject({
      service: 's3',
      operation: 'ListBuckets',
      principal: 'arn:aws:iam::123456789012:user/guest',
      steps: expect.arrayContaining([
        expect.objectContaining({ check: 'policy.identity', outcome: 'failed' }),
      ]),
    });
    expect(plane.records.list({ limit: 1, failedOnly: true })[0]?.requestId).toBe(refusal.requestId);
  });

  it('our own bugs are 500, without a word about their cause, and logged with the request id', async () => {
    const client = new CloudWatchLogsClient(config());
    const refusal = await refusalOf(client.send(new DescribeLogGroupsCommand()));
    expect(refusal).toMatchObject({ code: 'InternalFailure', status: 500 });
    expect(refusal.message).not.toContain('function');
    const entry = logged.find(
      ({ fields }) => (fields as { requestId?: string }).requestId === refusal.requestId,
    );
    expect(entry?.fields).toMatchObject({ error: expect.any(TypeError) });
    client.destroy();
  });

  it('HEAD has no body, and request ids are where each protocol has them', async () => {
    const head = await raw(signed({ service: 's3', method: 'HEAD', path: '/no-such-bucket-here' }));
    expect(head).toMatchObject({ status: 404, body: '' });
    expect(head.headers['x-amz-request-id']).toMatch(/^[0-9A-F]{16}$/);
    expect(head.headers['x-amz-id-2']).toBeTruthy();
    const query = await raw(signed({ service: 'sts', headers: form, body: whoAmI }));
    expect(query.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(query.body).toContain(`<RequestId>${query.headers['x-amzn-requestid']}</RequestId>`);
  });
});

describe('bodies', () => {
  const target = {
    'x-amz-target': 'Logs_20140328.PutLogEvents',
    'content-type': 'application/x-amz-json-1.1',
  };
  const events = JSON.stringify({
    logGroupName: 'g',
    logStreamName: 's',
    logEvents: [{ timestamp: 1, message: 'm' }],
  });

  it('are bounded, and the connection lives on', async () => {
    const body = `${whoAmI}&x=${'x'.repeat(1_100_000)}`;
    expect(await raw(signed({ service: 'sts', headers: form, body }))).toMatchObject({
      status: 413,
      body: expect.stringContaining('RequestEntityTooLarge'),
    });
  });

  it('may be gzip, but not a bomb', async () => {
    const headers = { ...target, 'content-encoding': 'gzip' };
    const good = await raw(signed({ service: 'logs', headers, body: gzipSync(events) }));
    expect(good).toMatchObject({ status: 200 });
    const bomb = await raw(signed({ service: 'logs', headers, body: gzipSync(Buffer.alloc(20_000_000)) }));
    expect(bomb).toMatchObject({ status: 413 });
    const noise = await raw(signed({ service: 'logs', headers, body: 'not gzip' }));
    expect(noise).toMatchObject({ status: 400, body: expect.stringContaining('SerializationException') });
  });

  const put = (headers: Record<string, string>, body: string, changes: Record<string, string> = {}) => {
    const request = signed({ service: 's3', method: 'PUT', path: '/box/key', headers, body });
    return raw({ ...request, headers: { ...request.headers, ...changes } });
  };
  const get = async () =>
    (await (
      await s3Client().send(new GetObjectCommand({ Bucket: 'box', Key: 'key' }))
    ).Body?.transformToString()) ?? '';

  it('of S3 are held to what was signed and announced; what does not hold is not stored', async () => {
    expect(await put({}, 'first')).toMatchObject({ status: 200 });
    const other = signed({ service: 's3', method: 'PUT', path: '/box/key', body: 'other' });
    expect(await raw({ ...other, body: 'OTHER' })).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>XAmzContentSHA256Mismatch</Code>'),
    });
    const md5 = (text: string) => createHash('md5').update(text).digest('base64');
    expect(await put({ 'content-md5': md5('x') }, 'second')).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>BadDigest</Code>'),
    });
    expect(await put({ 'content-md5': 'short' }, 'second')).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>InvalidDigest</Code>'),
    });
    const crc = { 'x-amz-checksum-crc32': 'AAAAAA==' };
    expect(await put(crc, 'second')).toMatchObject({
      status: 400,
      body: expect.stringContaining('The CRC32 you specified did not match the calculated checksum.'),
    });
    expect(await put({ 'x-amz-checksum-sha256': 'AAAA' }, 'second')).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>InvalidRequest</Code>'),
    });
    expect(await put({}, 'second', { 'x-amz-acl': 'private' })).toMatchObject({
      status: 403,
      body: expect.stringContaining('There were headers present in the request which were not signed'),
    });
    expect(await get()).toBe('first');
    expect(await put({ 'content-md5': md5('second') }, 'second')).toMatchObject({ status: 200 });
    expect(await get()).toBe('second');
  });

  it('in unsigned chunks with a trailer are decoded and checked', async () => {
    const send = (crc32: string, decodedLength = '5') => {
      const headers = {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': decodedLength,
        'x-amz-trailer': 'x-amz-checksum-crc32',
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      };
      const host = `127.0.0.1:${plane.port}`;
      const now = amzDate(Date.now());
      const all: Record<string, string> = { host, 'x-amz-date': now, ...headers };
      const names = Object.keys(all).sort();
      const canonical = `PUT\n/box/key\n\n${names.map((name) => `${name}:${all[name]}\n`).join('')}\n${names.join(';')}\nSTREAMING-UNSIGNED-PAYLOAD-TRAILER`;
      const scope = `${now.slice(0, 8)}/us-east-1/s3/aws4_request`;
      const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
      const key = ['us-east-1', 's3', 'aws4_request'].reduce(
        hmac,
        hmac(`AWS4${secretAccessKey}`, now.slice(0, 8)),
      );
      const text = `AWS4-HMAC-SHA256\n${now}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
      const authorization = `AWS4-HMAC-SHA256 Credential=${adminKey}/${scope}, SignedHeaders=${names.join(';')}, Signature=${hmac(key, text).toString('hex')}`;
      const body = `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n`;
      return raw({ method: 'PUT', path: '/box/key', headers: { ...all, authorization }, body });
    };
    expect(await send('NhCmhg==')).toMatchObject({ status: 200 });
    expect(await get()).toBe('hello');
    expect(await send('AAAAAA==')).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>BadDigest</Code>'),
    });
    expect(await send('NhCmhg==', '6')).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>IncompleteBody</Code>'),
    });
    expect(await get()).toBe('hello');
  });

  it('that are refused are not asked for, when the client waits for 100 Continue', async () => {
    const headers = {
      expect: '100-continue',
      'content-length': '10',
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    };
    const ask = (path: string, extra: Record<string, string>) =>
      new Promise<{ status: number; continued: boolean; connection: string | undefined }>(
        (resolve, reject) => {
          let continued = false;
          const request = requestHttp({
            host: '127.0.0.1',
            port: plane.port,
            method: 'PUT',
            path,
            headers: extra,
            agent: false,
          });
          request.on('continue', () => {
            continued = true;
            request.end('0123456789');
          });
          request.on('response', (response) => {
            response.resume();
            resolve({ status: response.statusCode ?? 0, continued, connection: response.headers.connection });
            if (!continued) request.destroy();
          });
          request.on('error', (error) => (continued ? reject(error) : undefined));
          request.flushHeaders();
        },
      );
    expect(await ask('/box/anonymous', headers)).toEqual({
      status: 403,
      continued: false,
      connection: 'close',
    });
    const url = await getSignedUrl(s3Client(), new PutObjectCommand({ Bucket: 'box', Key: 'waited' }));
    const { pathname, search } = new URL(url);
    const waited = await ask(`${pathname}${search}`, { expect: '100-continue', 'content-length': '10' });
    expect(waited).toMatchObject({ status: 200, continued: true });
  });

  it('that are refused unread do not cost the connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const port = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { host: '127.0.0.1', port: plane.port, method: 'PUT', path: '/box/big', agent };
        const request = requestHttp(options, (response) => {
          const { localPort } = response.socket;
          expect(response.statusCode).toBe(403);
          response.resume().on('end', () => resolve(localPort));
        });
        request.on('error', reject);
        request.end(Buffer.alloc(3_000_000));
      });
    const first = await port();
    expect(await port()).toBe(first);
    agent.destroy();
  });

  it('that a client cuts short leave nothing behind, and the plane lives', async () => {
    const url = new URL(await getSignedUrl(s3Client(), new PutObjectCommand({ Bucket: 'box', Key: 'cut' })));
    const head = `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-length: 100000\r\n`;
    await new Promise<void>((resolve) => {
      const socket = connect(plane.port, '127.0.0.1', () =>
        socket.write(`${head}expect: 100-continue\r\n\r\n`),
      );
      // The plane wants the body now: it is in the middle of the operation when the client goes.
      socket.once('data', () => socket.end('only this'));
      socket.on('close', () => resolve());
    });
    expect(plane.records.list({ limit: 1 })[0]).toMatchObject({
      operation: 'PutObject',
      errorCode: 'IncompleteBody',
    });
    const missing = await refusalOf(s3Client().send(new GetObjectCommand({ Bucket: 'box', Key: 'cut' })));
    expect(missing.code).toBe('NoSuchKey');
  });
});

describe('presigned S3', () => {
  it('works until it expires, and for nothing else', async () => {
    const client = s3Client();
    await client.send(new PutObjectCommand({ Bucket: 'box', Key: 'a b+c/é', Body: 'shared' }));
    const url = new URL(
      await getSignedUrl(client, new GetObjectCommand({ Bucket: 'box', Key: 'a b+c/é' }), { expiresIn: 60 }),
    );
    const headers = { host: url.host };
    expect(await raw({ path: `${url.pathname}${url.search}`, headers })).toMatchObject({
      status: 200,
      body: 'shared',
    });
    expect(await raw({ method: 'DELETE', path: `${url.pathname}${url.search}`, headers })).toMatchObject({
      status: 403,
    });
    const late = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'box', Key: 'a' }), {
      expiresIn: 60,
      signingDate: new Date(Date.now() - 120_000),
    });
    const expired = await raw({ path: late.slice(plane.url.length), headers });
    expect(expired).toMatchObject({
      status: 403,
      body: expect.stringContaining('<Message>Request has expired</Message>'),
    });
    const partial = await raw({ path: '/box/a?X-Amz-Signature=x', headers });
    expect(partial).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>AuthorizationQueryParametersError</Code>'),
    });
  });

  it('is not to be mixed with a header', async () => {
    const url = new URL(await getSignedUrl(s3Client(), new GetObjectCommand({ Bucket: 'box', Key: 'a' })));
    const headers = { host: url.host, authorization: 'Bearer of-someone-else' };
    for (const query of [url.search, '?AWSAccessKeyId=a&Signature=b&Expires=1']) {
      const answer = await raw({ path: `${url.pathname}${query}`, headers });
      expect(answer).toMatchObject({
        status: 400,
        body: expect.stringContaining(
          '<Code>InvalidArgument</Code><Message>Only one auth mechanism allowed; ',
        ),
      });
    }
  });

  it('verifies SigV2, as boto3 makes it in us-east-1', async () => {
    await s3Client().send(new PutObjectCommand({ Bucket: 'box', Key: 'old', Body: 'v2' }));
    const expires = Math.floor(Date.now() / 1000) + 60;
    const signature = createHmac('sha1', secretAccessKey)
      .update(`GET\n\n\n${expires}\n/box/old`)
      .digest('base64');
    const query = new URLSearchParams({
      AWSAccessKeyId: adminKey,
      Signature: signature,
      Expires: String(expires),
    });
    expect(await raw({ path: `/box/old?${query}` })).toMatchObject({ status: 200, body: 'v2' });
    const host = 'box.s3.amazonaws.com';
    expect(await raw({ path: `/old?${query}`, headers: { host } })).toMatchObject({
      status: 200,
      body: 'v2',
    });
    query.set('Signature', 'AAAA');
    expect(await raw({ path: `/box/old?${query}` })).toMatchObject({
      status: 403,
      body: expect.stringContaining('SignatureDoesNotMatch'),
    });
  });
});

describe('bad HTTP', () => {
  const speak = (text: string) =>
    new Promise<string>((resolve) => {
      let heard = '';
      const socket = connect(plane.port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (piece) => (heard += piece.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(heard));
    });

  it('is refused, and the plane lives', async () => {
    expect(await speak('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await speak(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    expect(await speak('GET http://other/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(await speak('GET /%zz%E0%A4%A HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 4\d\d /,
    );
    expect(await raw({ path: '/_pergola/health' })).toMatchObject({ status: 200 });
  });
});
