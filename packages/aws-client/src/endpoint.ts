// Where a service is: as configured, else as the environment says, else AWS's own host.
import type { Env } from '@pergola/kernel';
import { AwsError } from './aws-error.ts';
import { domainOf, partitionOf, signingRegionOf } from './region.ts';

export interface EndpointQuery {
  /** As signatures name it: `logs`, `sts`, `iam`, `s3`. */
  readonly service: string;
  readonly region: string;
  /** A base URL that was configured for this very service. */
  readonly endpoint?: string | undefined;
  readonly env?: Env | undefined;
}

/** What the SDKs call the services in variables. */
const variableNames: Readonly<Record<string, string>> = {
  logs: 'CLOUDWATCH_LOGS',
  dynamodbstreams: 'DYNAMODB_STREAMS',
  secretsmanager: 'SECRETS_MANAGER',
};

/** The first part of a service's host, where that is not its name. */
const hostNames: Readonly<Record<string, string>> = { dynamodbstreams: 'streams.dynamodb' };

/** A region is a part of a host's name: anything else in it could name another host. */
const regionPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * The base URL of a service. Throws AwsError `InvalidEndpoint` when what was configured is no http(s) URL, `InvalidRegion`
 * when no host's name can have the region in it.
 */
export function endpointOf(query: EndpointQuery): URL {
  if (!regionPattern.test(query.region)) {
    throw new AwsError(400, 'InvalidRegion', `'${query.region.slice(0, 100)}' is not a region`);
  }
  const text = query.endpoint ?? environmentEndpoint(query) ?? awsEndpoint(query);
  return parseEndpoint(text);
}

/** What the environment says, in the order of the SDKs. */
function environmentEndpoint({ service, env = {} }: EndpointQuery): string | undefined {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  const name = variableNames[service] ?? service.toUpperCase();
  return nonEmpty(env[`AWS_ENDPOINT_URL_${name}`]) ?? nonEmpty(env['AWS_ENDPOINT_URL']);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function awsEndpoint({ service, region }: EndpointQuery): string {
  const domain = domainOf(region);
  if (service !== 'iam') return `https://${hostNames[service] ?? service}.${region}.${domain}`;
  return partitionOf(region) === 'aws'
    ? `https://iam.${domain}`
    : `https://iam.${signingRegionOf('iam', region)}.${domain}`;
}

/**
 * Reads a base URL. A user name in it is a device by which clients that put a prefix before the host still reach a
 * local endpoint (`http://stream@127.0.0.1:4566`): it means nothing here and goes.
 */
function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new AwsError(400, 'InvalidEndpoint', `'${text}' is not an http or https URL`);
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}
