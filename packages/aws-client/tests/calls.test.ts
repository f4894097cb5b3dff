// Calls over real connections: what is sent, and what each kind of answer becomes.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { fakeClock } from '@pergola/kernel';
import { SignatureVerifier } from '@pergola/sigv4';
import { afterEach, expect, test } from 'vitest';
import {
  type AwsError,
  callJson,
  callQuery,
  createTransport,
  fixedCredentials,
  isThrottling,
  isTransient,
  type Transport,
  withRetries,
} from '../src/index.ts';
import { answer, type Seen, startEndpoint } from './http-endpoint.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const call = { service: 'logs', target: 'Logs_20140328.PutLogEvents', body: { logGroupName: 'g' } };
let transport: Transport | undefined;

afterEach(async () => {
  await transport?.[Symbol.asyncDispose]();
  transport = undefined;
});

function targetOf(endpoint: string, clock = fakeClock()) {
  transport = createTransport({ clock });
  return { endpoint, credentials, region: 'us-east-1', clock, transport };
}

async function failure(promise: Promise<unknown>): Promise<AwsError> {
  return promise.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: AwsError) => error,
  );
}

/** The signature that a service would see, with the body hashed anew. */
function verify({ method, path, headers, body }: Seen, nowMs: number) {
  const request = { method, path, query: '', headers: headers as Record<string, string> };
  return new SignatureVerifier().verify(request, {
    nowMs,
    findKey: () => ({ secretAccessKey: 'secret', active: true }),
    payloadHash: createHash('sha256').update(body).digest('hex'),
    pathStyle: 'encoded-twice',
    service: 'logs',
    windowMinutes: 5,
  });
}

test('a call is JSON, signed, and its answer read', async () => {
  await using endpoint = await startEndpoint(answer(200, '{"a":1}', { 'x-amzn-requestid': 'r1' }));
  const target = targetOf(endpoint.url);
  expect(await callJson(target, call)).toEqual({ body: { a: 1 }, requestId: 'r1' });
  const [seen] = endpoint.seen;
  expect(seen?.headers).toMatchObject({
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Logs_20140328.PutLogEvents',
    authorization: expect.stringContaining('/us-east-1/logs/aws4_request') as string,
  });
  expect(JSON.parse(seen?.body.toString() ?? '')).toEqual({ logGroupName: 'g' });
  expect(verify(seen!, target.clock.nowMs())).not.toHaveProperty('failure');
});

test('bytes go as they are, with the headers that describe them; an empty answer is an empty object', async () => {
  await using endpoint = await startEndpoint(answer(200, ''));
  const body = gzipSync('{"x":1}');
  const target = targetOf(endpoint.url);
  const { body: answered } = await callJson(target, {
    ...call,
    body,
    headers: { 'content-encoding': 'gzip', 'x-amzn-logs-format': 'json/emf' },
  });
  expect(answered).toEqual({});
  expect(endpoint.seen[0]?.body).toEqual(body);
  expect(endpoint.seen[0]?.headers['authorization']).toContain('content-encoding');
});

test('connections are kept and used again', async () => {
  await using endpoint = await startEndpoint(answer(200, '{}'));
  const target = targetOf(endpoint.url);
  for (let index = 0; index < 5; index++) await callJson(target, call);
  expect(new Set(endpoint.seen.map(({ connection }) => connection)).size).toBe(1);
});

test.each([
  ['{"__type":"com.amazonaws.logs#ResourceNotFoundException","message":"gone"}', {}],
  ['{"__type":"ResourceNotFoundException","Message":"gone"}', {}],
  ['{"message":"gone"}', { 'x-amzn-errortype': 'ResourceNotFoundException:http://internal' }],
])('the error in %s %j keeps its code and words', async (body, headers) => {
  await using endpoint = await startEndpoint(answer(400, body, { ...headers, 'x-amzn-requestid': 'r2' }));
  const error = await failure(callJson(targetOf(endpoint.url), call));
  expect(error).toMatchObject({
    name: 'AwsError',
    status: 400,
    code: 'ResourceNotFoundException',
    message: 'gone',
    requestId: 'r2',
  });
  expect(isTransient(error)).toBe(false);
});

test('throttling, server errors and pages of proxies are told apart', async () => {
  await using endpoint = await startEndpoint(
    answer(400, '{"__type":"ThrottlingException","message":"Rate exceeded"}', { 'retry-after': '3' }),
    answer(503, '<html>busy</html>'),
    answer(200, '{"cut":'),
  );
  const target = targetOf(endpoint.url);
  const throttled = await failure(callJson(target, call));
  expect([isThrottling(throttled), throttled.retryAfterMs]).toEqual([true, 3_000]);
  const busy = await failure(callJson(target, call));
  expect(busy).toMatchObject({ status: 503, code: 'HTTP503', message: '<html>busy</html>' });
  expect([isThrottling(busy), isTransient(busy)]).toEqual([false, true]);
  const cut = await failure(callJson(target, call));
  expect([cut.code, isTransient(cut)]).toEqual(['InvalidAnswer', true]);
});

test('half an answer, a closed connection and a deaf port are the lack of an answer', async () => {
  await using endpoint = await startEndpoint(
    (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"half":');
      setImmediate(() => response.destroy());
    },
    (response) => response.destroy(),
  );
  const target = targetOf(endpoint.url);
  for (const url of [endpoint.url, endpoint.url, 'http://127.0.0.1:1']) {
    const error = await failure(callJson({ ...target, endpoint: url }, call));
    expect(error).toMatchObject({ status: 0, code: 'NetworkingError' });
    expect(isTransient(error)).toBe(true);
  }
});

test('an answer that never comes ends with the time, an abort with its reason', async () => {
  const clock = fakeClock();
  await using endpoint = await startEndpoint(() => clock.advance(5_000));
  const target = targetOf(endpoint.url, clock);
  const late = await failure(callJson(target, { ...call, timeoutMs: 4_000 }));
  expect(late).toMatchObject({ status: 0, code: 'TimeoutError' });

  const stop = new AbortController();
  await using silent = await startEndpoint(() => stop.abort(new Error('enough')));
  const stopped = callJson({ ...target, endpoint: silent.url }, { ...call, signal: stop.signal });
  await expect(stopped).rejects.toThrow('enough');
});

test('an answer beyond its bound is refused', async () => {
  await using endpoint = await startEndpoint(answer(200, `{"a":"${'x'.repeat(5_000)}"}`));
  const error = await failure(callJson(targetOf(endpoint.url), { ...call, answerBytesMax: 1_000 }));
  expect(error.code).toBe('AnswerTooLarge');
});

test('refused credentials are given back to their source', async () => {
  await using endpoint = await startEndpoint(
    answer(400, '{"__type":"ExpiredTokenException","message":"expired"}'),
    answer(400, '{"__type":"AccessDeniedException","message":"no"}'),
  );
  let invalidated = 0;
  const source = { ...fixedCredentials(credentials), invalidate: () => void (invalidated += 1) };
  const target = { ...targetOf(endpoint.url), credentials: source };
  await failure(callJson(target, call));
  expect(invalidated).toBe(1);
  await failure(callJson(target, call));
  expect(invalidated).toBe(1);
});

test('the query protocol sends a form and reads errors in XML', async () => {
  const xml =
    '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not &lt;authorized&gt;</Message></Error><RequestId>q1</RequestId></ErrorResponse>';
  await using endpoint = await startEndpoint(answer(200, '<Arn>me</Arn>'), answer(403, xml));
  const target = { ...targetOf(endpoint.url), credentials: undefined };
  const query = {
    service: 'sts',
    action: 'GetCallerIdentity',
    version: '2011-06-15',
    parameters: { A: 'b c' },
  };
  expect(await callQuery(target, query)).toBe('<Arn>me</Arn>');
  expect(endpoint.seen[0]?.body.toString()).toBe('Action=GetCallerIdentity&Version=2011-06-15&A=b+c');
  expect(endpoint.seen[0]?.headers['authorization']).toBeUndefined();
  expect(await failure(callQuery(target, query))).toMatchObject({
    status: 403,
    code: 'AccessDenied',
    message: 'Not <authorized>',
    requestId: 'q1',
  });
});

test('calls that do no harm twice are tried again while that may help', async () => {
  const clock = { ...fakeClock(), sleep: async () => {} };
  await using endpoint = await startEndpoint(
    (response) => response.destroy(),
    answer(400, '{"__type":"ThrottlingException"}'),
    answer(200, '{"a":1}'),
    answer(400, '{"__type":"InvalidParameterException"}'),
    answer(500, ''),
  );
  const target = { ...targetOf(endpoint.url), clock };
  const attempt = () => withRetries(target, () => callJson(target, call));
  expect((await attempt()).body).toEqual({ a: 1 });
  expect((await failure(attempt())).code).toBe('InvalidParameterException');
  expect(endpoint.seen).toHaveLength(4);
  expect((await failure(attempt())).status).toBe(500);
  expect(endpoint.seen).toHaveLength(8);
});
