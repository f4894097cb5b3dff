// Which service a request is for. One port serves all of them, so it is read from the request itself.
import type { CredentialReading } from '@pergola/sigv4';
import type { ServiceName } from '../operation.ts';
import type { Received } from './receive.ts';

/** Prefix of `X-Amz-Target`. */
const targets: Readonly<Record<string, ServiceName>> = {
  Logs_20140328: 'logs',
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodbstreams',
  secretsmanager: 'secretsmanager',
  TrentService: 'kms',
};

/** `Version` of the query protocol, for requests that carry no signature. */
const versions: Readonly<Record<string, ServiceName>> = {
  '2011-06-15': 'sts',
  '2010-05-08': 'iam',
  '2014-10-31': 'rds',
  '2015-02-02': 'elasticache',
  '2016-11-15': 'ec2',
};

const scopes: Readonly<Record<string, ServiceName>> = {
  sts: 'sts',
  iam: 'iam',
  s3: 's3',
  logs: 'logs',
  rds: 'rds',
  dynamodb: 'dynamodb',
  elasticache: 'elasticache',
  ec2: 'ec2',
  secretsmanager: 'secretsmanager',
  kms: 'kms',
};

/** The service that requests are signed for, where that is not the one that answers. */
const signedFor: Readonly<Partial<Record<ServiceName, string>>> = { dynamodbstreams: 'dynamodb' };

/** The service of a request's credential scope. */
export function signingName(service: ServiceName): string {
  return signedFor[service] ?? service;
}

/** A service of AWS that this plane does not serve, or `undefined`: only the body can tell. */
export type ServiceGuess = { readonly service: ServiceName } | { readonly unserved: string } | undefined;

/** Reads the head: target, credential scope, host, query, in the order of how sure they are. */
export function serviceOf(request: Received, reading: CredentialReading): ServiceGuess {
  const target = request.headers['x-amz-target'];
  const scope = reading.kind === 'credential' ? served(scopes, reading.credential.scope.service) : undefined;
  if (target !== undefined) {
    const meant = served(targets, target.slice(0, Math.max(0, target.indexOf('.'))));
    // A target that no service has, signed for one of ours: that service says that it does not know it.
    return 'unserved' in meant && scope && 'service' in scope ? scope : meant;
  }
  if (scope) return scope;
  const service = serviceOfHost(request.host) ?? serviceOfQuery(request);
  if (service) return { service };
  return isForm(request) ? undefined : { service: 's3' };
}

/** The service of `sts.us-east-1.amazonaws.com` and its like; S3's hosts may hold a bucket's name and are not read. */
function serviceOfHost(host: string): ServiceName | undefined {
  const [, first, second] = /^([a-z0-9]+)(?:\.([a-z0-9-]+))?\.amazonaws\.com(?::\d+)?$/i.exec(host) ?? [];
  if (first === undefined || /^s3(-|$)/i.test(second ?? '')) return undefined;
  const name = first.toLowerCase();
  return Object.hasOwn(scopes, name) ? scopes[name] : undefined;
}

function serviceOfQuery(request: Received): ServiceName | undefined {
  return request.path === '/' && request.query !== '' ? serviceOfVersion(request.query) : undefined;
}

function served(
  table: Readonly<Record<string, ServiceName>>,
  name: string,
): Exclude<ServiceGuess, undefined> {
  const service = Object.hasOwn(table, name) ? table[name] : undefined;
  return service ? { service } : { unserved: name };
}

/** True for a POST of the query protocol, which may name its service in its body only. */
function isForm(request: Received): boolean {
  return (
    request.method === 'POST' &&
    request.path === '/' &&
    (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  );
}

/** The service whose API version a form or a query names. */
export function serviceOfVersion(form: string): ServiceName | undefined {
  const version = /(?:^|&)Version=(\d{4}-\d\d-\d\d)(?:&|$)/.exec(form)?.[1];
  return version === undefined ? undefined : versions[version];
}
