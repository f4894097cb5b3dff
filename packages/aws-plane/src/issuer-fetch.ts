// Fetches the documents of token issuers, as STS of AWS does: over HTTP, from the issuer's own host name, without
// credentials. Hosts of our own S3 are reached at our own port; no other host is reached at all, unless it is listed.
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from '@pergola/kernel';
import { bucketOfHost } from './codecs/s3-address.ts';
import type { FetchIssuerDocument } from './ports.ts';

type Limits = Parameters<FetchIssuerDocument>[1];
type Document = Awaited<ReturnType<FetchIssuerDocument>>;

export interface IssuerFetchOptions {
  readonly clock: Clock;
  /** Where this plane listens; asked at each fetch, because the port is known only when it does. */
  readonly origin: () => { readonly host: string; readonly port: number };
  /** Issuer hosts outside of this plane that may be reached over TLS, e.g. `token.actions.githubusercontent.com`. */
  readonly trustedHosts?: readonly string[] | undefined;
}

/** Redirects are not followed: their status is simply the answer. */
export function issuerFetch(options: IssuerFetchOptions): FetchIssuerDocument {
  const trusted = new Set(options.trustedHosts);
  return async (url, limits) => {
    const { protocol, host, hostname, pathname, search } = new URL(url);
    if (protocol !== 'https:') throw new Error(`${url} is no https URL`);
    const path = `${pathname}${search}`;
    const headers = { host, 'user-agent': 'pergola-sts', accept: 'application/json' };
    if (isOwnHost(hostname)) {
      const { host: address, port } = options.origin();
      const request = requestHttp({ host: address, port, path, headers, agent: false });
      return read(request, limits, options.clock);
    }
    if (!trusted.has(host))
      throw new Error(`${host} is no bucket of this endpoint and no trusted issuer host`);
    return read(requestHttps(url, { headers, agent: false }), limits, options.clock);
  };
}

/** True for S3 by any of its names: `bucket.s3.region.amazonaws.com` and `s3.region.amazonaws.com`. */
function isOwnHost(hostname: string): boolean {
  if (!hostname.endsWith('.amazonaws.com')) return false;
  return bucketOfHost(hostname) !== undefined || /^s3[.-]([a-z0-9-]+\.)?amazonaws\.com$/.test(hostname);
}

/** Sends `request` and reads its answer, within `limits`. */
function read(request: ClientRequest, limits: Limits, clock: Clock): Promise<Document> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(limits.timeoutMs, () =>
      request.destroy(new Error(`no answer within ${limits.timeoutMs} ms`)),
    );
    const refuse = (error: Error) => {
      timer.cancel();
      reject(error);
    };
    request.on('error', refuse);
    request.on('response', (response) => {
      response.on('error', refuse);
      collect(response, limits.limitBytes, (body) => {
        timer.cancel();
        const contentType = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, contentType, body });
      });
    });
    request.end();
  });
}

function collect(response: IncomingMessage, limitBytes: number, done: (body: string) => void): void {
  const pieces: Buffer[] = [];
  let size = 0;
  response.on('data', (piece: Buffer) => {
    size += piece.length;
    if (size > limitBytes) response.destroy(new Error(`more than ${limitBytes} bytes`));
    else pieces.push(piece);
  });
  response.on('end', () => done(Buffer.concat(pieces).toString('utf8')));
}
