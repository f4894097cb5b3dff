// A request of the query protocols: its parameters stand in the body, or in the query of a presigned one.
import { decodeUtf8 } from '@pergola/aws-model';
import { assert } from '@pergola/kernel';
import { AwsFault } from '../fault.ts';
import type { WireRequest } from './codec.ts';
import { type FormNode, formParameter, parseForm } from './form.ts';

/** One parameter, without reading the others. */
export function requestParameter(request: WireRequest, name: string): string | undefined {
  return formParameter(bodyText(request), name) ?? formParameter(request.query, name);
}

/** All of them. Throws MalformedQueryString. */
export function requestForm(request: WireRequest): FormNode {
  return parseForm(request.query, bodyText(request));
}

function bodyText(request: WireRequest): string {
  assert(Buffer.isBuffer(request.body), 'a request of a query protocol is buffered before it is routed');
  if (request.body.length === 0) return '';
  const text = decodeUtf8(request.body);
  if (text === undefined) {
    throw new AwsFault('MalformedQueryString', 404, 'The query string contains a syntax error.');
  }
  return text;
}
