// Publishing an issuer and registering its provider, against an endpoint that keeps state and checks signatures.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from '@pergola/aws-client';
import { fakeClock } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { publishIssuer, registerProvider } from '../src/index.ts';

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
const issuer = 'https://my-oidc.s3.us-east-1.amazonaws.com';
const discovery = { issuer, jwks_uri: `${issuer}/keys.json` };
const key = (kid: string) => ({ kid, kty: 'RSA', n: 'n', e: 'AQAB' });

const errorXml = (code: string, message: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

/** A bucket and an account in memory; `calls` lists what was asked. */
async function startFakeAws() {
  const calls: string[] = [];
  const objects = new Map<string, string>();
  let bucketExists = false;
  let provider: { url: string; clientIds: string[] } | undefined;
  const failures: { status: number; code: string; message: string }[] = [];

  const s3 = (method: string, path: string, body: string): [number, string] => {
    if (path === '/my-oidc/' && method === 'PUT') {
      if (bucketExists) return [409, errorXml('BucketAlreadyOwnedByYou', 'yours already')];
      bucketExists = true;
      return [200, ''];
    }
    if (method === 'DELETE') return [204, ''];
    if (method === 'PUT') {
      objects.set(path, body);
      return [200, ''];
    }
    const found = objects.get(path);
    if (found !== undefined) return [200, found];
    return [404, errorXml(path.includes('?policy') ? 'NoSuchBucketPolicy' : 'NoSuchKey', 'none')];
  };
  const iam = (form: URLSearchParams): [number, string] => {
    const arn = 'arn:aws:iam::123456789012:oidc-provider/my-oidc.s3.us-east-1.amazonaws.com';
    calls.push(`${form.get('Action')}`);
    switch (form.get('Action')) {
      case 'CreateOpenIDConnectProvider': {
        if (provider)
          return [409, `<ErrorResponse>${errorXml('EntityAlreadyExists', 'exists')}</ErrorResponse>`];
        const clientIds = [...form]
          .filter(([name]) => name.startsWith('ClientIDList'))
          .map(([, value]) => value);
        provider = { url: form.get('Url') ?? '', clientIds };
        return [200, `<R><OpenIDConnectProviderArn>${arn}</OpenIDConnectProviderArn></R>`];
      }
      case 'ListOpenIDConnectProviders':
        return [200, `<R><Arn>arn:aws:iam::123456789012:oidc-provider/other</Arn><Arn>${arn}</Arn></R>`];
      case 'GetOpenIDConnectProvider':
        return [200, `<R>${provider?.clientIds.map((id) => `<member>${id}</member>`).join('')}</R>`];
      default:
        provider?.clientIds.push(form.get('ClientID') ?? '');
        return [200, '<R/>'];
    }
  };
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url ?? '';
    const scope = /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/us-east-1\/(s3|iam)\/aws4_request, /.exec(
      request.headers.authorization ?? '',
    );
    const failure = failures.shift();
    const [status, text] = failure
      ? [failure.status, errorXml(failure.code, failure.message)]
      : scope?.[1] === 'iam'
        ? iam(new URLSearchParams(body))
        : s3(request.method ?? '', path, body);
    if (scope?.[1] === 's3') calls.push(`${request.method} ${path}`);
    response.writeHead(scope ? status : 403).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    objects,
    failures,
    provider: () => provider,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function publication(endpoint: string, kids: string[], clock = fakeClock()) {
  const target = { endpoint, credentials, region: 'us-east-1', clock };
  return { ...target, bucket: 'my-oidc', issuer, discovery, jwks: { keys: kids.map(key) } };
}

test('the documents become public objects; a second run changes nothing; a rotation keeps the old key', async () => {
  await using aws = await startFakeAws();
  expect(await publishIssuer(publication(aws.endpoint, ['one']))).toEqual({
    bucketCreated: true,
    policyChanged: true,
    written: ['keys.json', '.well-known/openid-configuration'],
  });
  expect(JSON.parse(aws.objects.get('/my-oidc/.well-known/openid-configuration') ?? '')).toEqual(discovery);
  expect(JSON.parse(aws.objects.get('/my-oidc/?policy=') ?? '')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AllowPublicReadOfIssuerDocuments',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::my-oidc/.well-known/openid-configuration', 'arn:aws:s3:::my-oidc/keys.json'],
      },
    ],
  });
  expect(aws.calls).toContain('DELETE /my-oidc/?publicAccessBlock=');

  const again = await publishIssuer(publication(aws.endpoint, ['one']));
  expect(again).toEqual({ bucketCreated: false, policyChanged: false, written: [] });

  expect((await publishIssuer(publication(aws.endpoint, ['two']))).written).toEqual(['keys.json']);
  const { keys } = JSON.parse(aws.objects.get('/my-oidc/keys.json') ?? '');
  expect(keys.map(({ kid }: { kid: string }) => kid)).toEqual(['two', 'one']);
});

test('statements of others in the bucket policy stay', async () => {
  await using aws = await startFakeAws();
  const theirs = { Sid: 'Theirs', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
  aws.objects.set('/my-oidc/?policy=', JSON.stringify({ Version: '2012-10-17', Statement: theirs }));
  await publishIssuer(publication(aws.endpoint, ['one']));
  const policy = JSON.parse(aws.objects.get('/my-oidc/?policy=') ?? '');
  expect(policy.Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
    'Theirs',
    'AllowPublicReadOfIssuerDocuments',
  ]);
});

test('documents that do not fit the issuer are refused before anything is sent', async () => {
  await using aws = await startFakeAws();
  const base = publication(aws.endpoint, ['one']);
  const elsewhere = { issuer, jwks_uri: 'https://elsewhere/keys.json' };
  await expect(publishIssuer({ ...base, discovery: elsewhere })).rejects.toThrow('not at the issuer');
  await expect(publishIssuer({ ...base, issuer: 'https://other' })).rejects.toThrow('names the issuer');
  expect(aws.calls).toEqual([]);
});

test('AWS’s errors keep their code and words; server errors are tried again', async () => {
  await using aws = await startFakeAws();
  aws.failures.push({ status: 403, code: 'AccessDenied', message: 'no &amp; never' });
  const refused = publishIssuer(publication(aws.endpoint, ['one']));
  await expect(refused).rejects.toMatchObject({
    name: 'AwsError',
    code: 'AccessDenied',
    message: 'no & never',
  });
  await expect(refused).rejects.toBeInstanceOf(AwsError);

  const clock = fakeClock();
  aws.failures.push({ status: 503, code: 'SlowDown', message: 'please' });
  const published = publishIssuer(publication(aws.endpoint, ['one'], clock));
  const timer = setInterval(() => clock.advance(1_000), 5);
  expect((await published).bucketCreated).toBe(true);
  clearInterval(timer);

  const nowhere = publishIssuer(publication('http://127.0.0.1:1', ['one'], clock));
  await expect(nowhere).rejects.toMatchObject({ code: 'NetworkingError', status: 0 });
});

test('a provider is created with ROSA’s audiences, and an existing one completed', async () => {
  await using aws = await startFakeAws();
  const target = { endpoint: aws.endpoint, credentials, region: 'us-east-1', clock: fakeClock(), issuer };
  const arn = 'arn:aws:iam::123456789012:oidc-provider/my-oidc.s3.us-east-1.amazonaws.com';
  const first = await registerProvider({ ...target, clientIds: ['openshift'] });
  expect(first).toEqual({ arn, created: true, addedClientIds: [] });
  const second = await registerProvider(target);
  expect(second).toEqual({ arn, created: false, addedClientIds: ['sts.amazonaws.com'] });
  expect(aws.provider()).toEqual({ url: issuer, clientIds: ['openshift', 'sts.amazonaws.com'] });
});
