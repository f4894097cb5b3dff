// Requests for the tests of the codecs.
import type { WireRequest } from './codec.ts';

/** `line` is method and target, e.g. `GET /b?acl`. */
export function wireRequest(line: string, body = '', headers: Record<string, string> = {}): WireRequest {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  return { method, path, query, headers, host: '127.0.0.1:4566', body: Buffer.from(body) };
}
