// The presigned form of SigV2 (HMAC-SHA1), which boto3 and the AWS CLI still make for S3 in us-east-1.
// Follows the Amazon S3 Developer Guide, "Signing and authenticating REST requests".
import { createHmac } from 'node:crypto';
import type { SignableRequest } from './request.ts';

/** Query parameters that name a sub-resource or override a response header: part of the signed resource. */
const SIGNED_PARAMETERS = new Set([
  'accelerate',
  'acl',
  'analytics',
  'cors',
  'defaultObjectAcl',
  'delete',
  'inventory',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'partNumber',
  'policy',
  'replication',
  'requestPayment',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
  'restore',
  'select',
  'select-type',
  'storageClass',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
]);

/** The string to sign. `bucket` is the bucket of a virtual host, or undefined when the path names it. */
export function stringToSignV2(request: SignableRequest, bucket: string | undefined): string {
  const query = new URLSearchParams(request.query);
  const amzHeaders = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith('x-amz-') && value !== undefined) amzHeaders.set(name, value.trim());
  }
  // A presigned token stands in the query, yet is signed as the header it would have been.
  const token = query.get('x-amz-security-token');
  if (token !== null) amzHeaders.set('x-amz-security-token', token);
  const headers = [...amzHeaders].sort(byName).map(([name, value]) => `${name}:${value}\n`);
  return [
    request.method,
    request.headers['content-md5'] ?? '',
    request.headers['content-type'] ?? '',
    query.get('Expires') ?? '',
    headers.join('') + signedResource(request, query, bucket),
  ].join('\n');
}

function signedResource(
  request: SignableRequest,
  query: URLSearchParams,
  bucket: string | undefined,
): string {
  const path = bucket === undefined ? request.path : `/${bucket}${request.path}`;
  const parameters = [...query]
    .filter(([name]) => SIGNED_PARAMETERS.has(name))
    .sort(byName)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return parameters.length > 0 ? `${path}?${parameters.join('&')}` : path;
}

function byName([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : Number(left > right);
}

/** The base64 signature of `text`. */
export function signV2(secretAccessKey: string, text: string): string {
  return createHmac('sha1', secretAccessKey).update(text).digest('base64');
}
