import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@pergola/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuerFetch } from './issuer-fetch.ts';

let server: Server;
const seen: { host: string | undefined; url: string | undefined; authorization: string | undefined }[] = [];
beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    const { host, authorization } = incoming.headers;
    seen.push({ host, url: incoming.url, authorization });
    if (incoming.url === '/moved') outgoing.writeHead(302, { location: 'http://127.0.0.1/secret' }).end();
    else if (incoming.url === '/large') outgoing.end('x'.repeat(5_000));
    else if (incoming.url !== '/silent')
      outgoing.setHeader('content-type', 'application/json').end('{"a":1}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const fetch = issuerFetch({
  clock: systemClock,
  origin: () => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }),
});
const limits = { limitBytes: 1_000, timeoutMs: 5_000 };

describe('issuerFetch', () => {
  it.each([
    'oidc.s3.us-east-1.amazonaws.com',
    'oidc.s3.amazonaws.com',
    's3.eu-west-1.amazonaws.com',
    's3.amazonaws.com',
  ])('asks our own port for %s, by its name and without credentials', async (host) => {
    const answer = await fetch(`https://${host}/keys.json?x=1`, limits);
    expect(answer).toEqual({ status: 200, contentType: 'application/json', body: '{"a":1}' });
    expect(seen.at(-1)).toEqual({ host, url: '/keys.json?x=1', authorization: undefined });
  });

  it.each([
    'https://example.com/',
    'https://127.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://evil-s3.us-east-1.amazonaws.com.example.com/',
    'https://sts.amazonaws.com/',
    'http://oidc.s3.us-east-1.amazonaws.com/',
  ])('refuses %s', async (url) => {
    const before = seen.length;
    await expect(fetch(url, limits)).rejects.toThrow();
    expect(seen).toHaveLength(before);
  });

  it('follows no redirect', async () => {
    const { status, body } = await fetch('https://oidc.s3.us-east-1.amazonaws.com/moved', limits);
    expect({ status, body }).toEqual({ status: 302, body: '' });
  });

  it('reads no more than it may, and waits no longer', async () => {
    await expect(fetch('https://oidc.s3.us-east-1.amazonaws.com/large', limits)).rejects.toThrow(
      'more than 1000 bytes',
    );
    const hurried = { ...limits, timeoutMs: 20 };
    await expect(fetch('https://oidc.s3.us-east-1.amazonaws.com/silent', hurried)).rejects.toThrow(
      'no answer within 20 ms',
    );
  });
});
