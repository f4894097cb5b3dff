// Requests of the REST protocol: labels in the path, members in query, headers and body.
import { createHash } from 'node:crypto';
import {
  type MemberSlot,
  type OperationModel,
  type RenderText,
  type ShapeGraph,
  textWriter,
} from '@pergola/aws-model';
import type { OperationRequest, Values } from './operation-codec.ts';
import { isSet, type RestDocuments, type WrittenBody } from './rest-document.ts';

/** Compiles the writer of an operation's request. */
export function restRequestWriter(
  operation: OperationModel,
  shapes: ShapeGraph,
  documents: RestDocuments,
): (input: Values) => OperationRequest {
  const [method, path, fixedQuery] = operation.http ?? ['POST', '/', '', 200];
  const shape = operation.input === undefined ? undefined : shapes.structure(operation.input);
  const members = shape?.members ?? [];
  const headers = placed(members, 'header', 'http-date');
  const queries = placed(members, 'query', 'date-time');
  const prefixed = members.filter(({ binding }) => binding.headers !== undefined);
  const body = shape ? documents.bodyWriter(shape) : () => undefined;
  return (input) => {
    const written = body(input);
    const given = { ...headersOf(headers, input), ...prefixedHeadersOf(prefixed, input) };
    return {
      method,
      path: filled(path, input),
      query: queryText(fixedQuery, queries, input),
      headers: { ...bodyHeaders(written, operation.checksum === 1), ...given },
      body: written?.body,
      bucket: typeof input['Bucket'] === 'string' ? input['Bucket'] : undefined,
    };
  };
}

function headersOf(headers: readonly Placed[], input: Values): Record<string, string> {
  const out: Record<string, string> = {};
  for (const { name, wireName, render } of headers) {
    if (isSet(input[name])) out[wireName] = render(input[name]);
  }
  return out;
}

/** Metadata of objects. */
function prefixedHeadersOf(prefixed: readonly MemberSlot[], input: Values): Record<string, string> {
  const out: Record<string, string> = {};
  for (const { name, binding } of prefixed) {
    for (const [key, value] of Object.entries((input[name] ?? {}) as Record<string, string>)) {
      out[`${binding.headers}${key.toLowerCase()}`] = value;
    }
  }
  return out;
}

function bodyHeaders(written: WrittenBody | undefined, needsChecksum: boolean): Record<string, string> {
  const out: Record<string, string> = written ? { 'content-type': written.contentType } : {};
  if (needsChecksum) {
    out['content-md5'] = createHash('md5')
      .update(written?.body ?? '')
      .digest('base64');
  }
  return out;
}

interface Placed {
  readonly name: string;
  readonly wireName: string;
  readonly render: RenderText;
}

function placed(
  members: readonly MemberSlot[],
  place: 'header' | 'query',
  format: 'http-date' | 'date-time',
): Placed[] {
  return members.flatMap(({ name, shape, binding }) => {
    const wireName = binding[place];
    return wireName === undefined ? [] : [{ name, wireName, render: textWriter(shape, format) }];
  });
}

/** `{Key+}` keeps its slashes. */
function filled(path: string, input: Values): string {
  return path.replace(/\{(\w+)(\+?)\}/g, (_whole, name: string, greedy: string) => {
    const text = encodeRfc3986(String(input[name] ?? ''));
    return greedy === '' ? text : text.replaceAll('%2F', '/');
  });
}

function queryText(fixed: string, queries: readonly Placed[], input: Values): string {
  const parts = fixed === '' ? [] : [fixed.includes('=') ? fixed : `${fixed}=`];
  for (const { name, wireName, render } of queries) {
    if (isSet(input[name])) parts.push(`${wireName}=${encodeRfc3986(render(input[name]))}`);
  }
  return parts.join('&');
}

function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
