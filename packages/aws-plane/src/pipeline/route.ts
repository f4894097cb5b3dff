// Stage 2: which service and which operation a request is for.
import { readCredential, type CredentialReading } from '@pergola/sigv4';
import type { Random } from '@pergola/kernel';
import type { Protocol } from '@pergola/aws-model';
import type { ServiceCodec, WireRequest } from '../codecs/codec.ts';
import { loadCodec } from '../codecs/load-codec.ts';
import type { AwsFault } from '../fault.ts';
import type { AnyOperation, ServiceDefinition, ServiceName } from '../operation.ts';
import { decompress, readWhole } from './body.ts';
import { familyOf, notImplemented } from './faults.ts';
import type { Received } from './receive.ts';
import { type ServiceGuess, serviceOf, serviceOfVersion } from './service-of.ts';
import type { Trail } from './trail.ts';

/** A request whose service is known. */
export interface Routed {
  readonly codec: ServiceCodec;
  readonly reading: CredentialReading;
  /** The body as it was signed; absent where it is still on the wire (S3). */
  readonly signedBody: Buffer | undefined;
  /** The operation's handler, or the fault to answer once the caller is known. */
  readonly target: { readonly operation: AnyOperation } | { readonly fault: AwsFault };
  readonly operationName: string;
  /** What the codec reads. For S3 its body is replaced by the verified one. */
  readonly wire: WireRequest;
}

/** Operations by service and name, built once. */
export type Registry = ReadonlyMap<ServiceName, ReadonlyMap<string, AnyOperation>>;

export function registryOf(services: readonly ServiceDefinition[]): Registry {
  return new Map(
    services.map((service) => [
      service.name,
      new Map(service.operations.map((operation) => [operation.name, operation])),
    ]),
  );
}

export interface RouteContext {
  readonly registry: Registry;
  readonly random: Random;
}

const NO_BODY = Buffer.alloc(0);

export async function route(request: Received, trail: Trail, context: RouteContext): Promise<Routed> {
  const reading = readCredential(request);
  const { codec, form, unserved } = await findCodec(request, serviceOf(request, reading));
  trail.codec = codec;
  trail.requestId = newRequestId(codec, context.random);
  if (unserved !== undefined) {
    const message = `The service '${unserved}' is not implemented by this endpoint.`;
    throw notImplemented(familyOf(codec.protocol), message);
  }
  const { protocol } = codec;
  const signedBody = form ?? (protocol === 'restXml' ? undefined : await readBody(request, protocol));
  const { method, path, query, headers, host } = request;
  const body = signedBody ? await decompress(signedBody, protocol, headers['content-encoding']) : NO_BODY;
  const wire: WireRequest = { method, path, query, headers, host, body };
  const operationName = codec.route(wire)?.operation ?? '';
  trail.operation = operationName;
  const target = targetOf(codec, wire, operationName, context.registry);
  return { codec, reading, signedBody, operationName, target, wire };
}

interface Found {
  readonly codec: ServiceCodec;
  /** The body, where it had to be read to find the service. */
  readonly form?: Buffer;
  /** The service that is meant, when it is none of ours. */
  readonly unserved?: string;
}

async function findCodec(request: Received, guess: ServiceGuess): Promise<Found> {
  if (!guess) {
    const form = await readBody(request, 'awsQuery');
    return { codec: await loadCodec(serviceOfVersion(form.toString('latin1')) ?? 'sts'), form };
  }
  if ('service' in guess) return { codec: await loadCodec(guess.service) };
  return { codec: await loadCodec(protocolOf(request)), unserved: guess.unserved };
}

function readBody(request: Received, protocol: Protocol): Promise<Buffer> {
  request.expectation.meet();
  return readWhole(request.incoming, protocol, request.headers['content-length']);
}

function targetOf(
  codec: ServiceCodec,
  wire: WireRequest,
  name: string,
  registry: Registry,
): Routed['target'] {
  if (name === '') return { fault: codec.unknownOperation(wire) };
  const operation = registry.get(codec.service)?.get(name);
  if (operation) return { operation };
  const message = `The operation ${name} of ${codec.service} is not implemented by this endpoint.`;
  return { fault: notImplemented(familyOf(codec.protocol), message) };
}

/**
 * A UUID, as the query and JSON services give; 16 upper-case hexadecimal digits for S3. Those are the random ones of
 * a UUID too, because Node draws UUIDs from a pool: a tenth of the cost of 8 fresh bytes.
 */
function newRequestId(codec: ServiceCodec, random: Random): string {
  const uuid = random.uuid();
  return codec.protocol === 'restXml' ? (uuid.slice(0, 8) + uuid.slice(-8)).toUpperCase() : uuid;
}

/** A service of the protocol that the request seems to speak, to say in its words that another is not served. */
function protocolOf(request: Received): ServiceName {
  const type = request.headers['content-type'] ?? '';
  if (request.headers['x-amz-target'] !== undefined || type.includes('json')) return 'logs';
  return type.startsWith('application/x-www-form-urlencoded') ? 'sts' : 's3';
}
