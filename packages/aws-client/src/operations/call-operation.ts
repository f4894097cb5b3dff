// Calls of any operation of a modelled service, in the shapes of the SDK: Date for timestamps, Uint8Array for blobs.
import { loadModel, type ServiceModel, type ServiceName } from '@pergola/aws-model';
import { AwsError } from '../aws-error.ts';
import type { AwsTarget } from '../aws-target.ts';
import { endpointOf } from '../endpoint.ts';
import { type AwsRequest, type CallOptions, requestIdOf, sendRequest } from '../signed-request.ts';
import type { HttpAnswer } from '../transport.ts';
import { JsonCodec } from './json-codec.ts';
import type { OperationCodec, OperationRequest, Values } from './operation-codec.ts';
import { QueryCodec } from './query-codec.ts';
import { RestCodec } from './rest-codec.ts';

export interface OperationCall extends CallOptions {
  readonly service: ServiceName;
  /** Wire name, e.g. `DescribeDBInstances`. */
  readonly operation: string;
  /** Members that the model does not have are left out; streams are given as bytes or text. */
  readonly input: object;
}

export interface OperationAnswer {
  /** Streams are read whole, as bytes. */
  readonly output: Values;
  readonly requestId: string | undefined;
}

/**
 * Makes one call, once: whoever calls decides about further tries. Throws AwsError; `InvalidAnswer` when a success
 * cannot be read, as after an answer that was cut off.
 */
export async function callOperation(target: AwsTarget, call: OperationCall): Promise<OperationAnswer> {
  const { service, operation, input, ...options } = call;
  const codec = await codecOf(service);
  const request = addressed(target, service, codec.request(operation, input as Values));
  const answer = await sendRequest(target, { ...request, ...options }, (refused) =>
    codec.errorOf(target, refused),
  );
  if (codec.hidesError(answer)) throw codec.errorOf(target, answer);
  return { output: outputOf(codec, operation, answer), requestId: requestIdOf(answer.headers) };
}

function outputOf(codec: OperationCodec, operation: string, answer: HttpAnswer): Values {
  try {
    return codec.output(operation, answer);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    const message = `the answer to ${operation} cannot be read: ${because}`;
    throw new AwsError(answer.status, 'InvalidAnswer', message, {
      requestId: requestIdOf(answer.headers),
      cause: error,
    });
  }
}

/** What signatures call a service, where that is not its name. */
const signingNames: Readonly<Partial<Record<ServiceName, string>>> = { dynamodbstreams: 'dynamodb' };

/** Those that can be a part of a host's name. */
const hostPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** As wide as the names of old buckets in us-east-1. */
const bucketPattern = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,255}$/;

function addressed(target: AwsTarget, service: ServiceName, request: OperationRequest): AwsRequest {
  const { region, endpoint, env } = target;
  const { bucket, path, query, ...rest } = request;
  // With anything else in it, a name would be another host, or an object of another bucket.
  if (bucket !== undefined && !bucketPattern.test(bucket)) {
    throw new AwsError(400, 'InvalidBucketName', `'${bucket.slice(0, 100)}' is not the name of a bucket`);
  }
  const url = new URL(endpointOf({ service, region, endpoint, env }));
  const onAws = url.href === endpointOf({ service, region }).href;
  // AWS's own hosts carry the bucket in the name, other endpoints in the path. A dot in it breaks the certificate.
  const inHost = bucket !== undefined && onAws && hostPattern.test(bucket);
  if (inHost) url.hostname = `${bucket}.${url.hostname}`;
  url.pathname = bucket === undefined || inHost ? path : `/${bucket}${path === '/' ? '' : path}`;
  url.search = query === '' ? '' : `?${query}`;
  return { ...rest, url, service: signingNames[service] ?? service };
}

const codecs = new Map<ServiceName, Promise<OperationCodec>>();

/** The codec of a service; its model is parsed on the first call only. */
function codecOf(service: ServiceName): Promise<OperationCodec> {
  let codec = codecs.get(service);
  if (!codec) codecs.set(service, (codec = loadModel(service).then(buildCodec)));
  return codec;
}

function buildCodec(model: ServiceModel): OperationCodec {
  if (model.protocol === 'restXml') return new RestCodec(model);
  return model.protocol === 'awsQuery' || model.protocol === 'ec2Query'
    ? new QueryCodec(model)
    : new JsonCodec(model);
}
