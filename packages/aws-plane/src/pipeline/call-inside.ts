// The pipeline's middle for calls between services: authorize → validate → invoke → record. There is no request to
// authenticate and no answer to encode.
import type { CallInside, InsideCall } from '../inside-call.ts';
import { AwsFault } from '../fault.ts';
import { loadCodec } from '../codecs/load-codec.ts';
import type { AnyOperation, ServiceDefinition } from '../operation.ts';
import type { PlaneContext } from '../plane-context.ts';
import type { Principal } from '../principal.ts';
import type { CallRecords } from '../records.ts';
import { authorize } from './authorize.ts';
import { familyOf, notImplemented } from './faults.ts';
import { SessionPolicies } from './session-policies.ts';
import { Trail } from './trail.ts';

export interface InsideCallOptions {
  readonly plane: () => PlaneContext;
  readonly services: () => readonly ServiceDefinition[];
  readonly records?: CallRecords | undefined;
}

const OK = 200;

/** The function for the ports. `plane` and `services` are asked at each call, for they are still being built. */
export function callInsideOf({ plane, services, records }: InsideCallOptions): CallInside {
  const sessionPolicies = new SessionPolicies();

  async function run(request: InsideCall, trail: Trail): Promise<object> {
    const codec = await loadCodec(request.service);
    const { protocol } = codec;
    trail.codec = codec;
    trail.operation = request.operation;
    const operation = findOperation(services(), request);
    if (!operation) throw notImplemented(familyOf(protocol), `${request.operation} is not implemented.`);
    const { as, session, account, region, service, input, context } = request;
    const principal: Principal = { facts: as, ...(session && { session }) };
    const call = await authorize(
      {
        plane: plane(),
        service,
        protocol,
        nowMs: trail.atMs,
        transport: { sourceIp: '', userAgent: nameOf(principal), secure: true, host: '' },
        sessionPolicies,
        trail,
        principal,
        account,
        region,
        credential: undefined,
        context: { ...serviceContext(principal), ...context },
      },
      operation,
      input,
    );
    operation.validate?.(input, call);
    return operation.handle(call, input);
  }

  return async (request) => {
    const { clock, random } = plane();
    const trail = new Trail(clock.nowMs());
    trail.requestId = random.uuid();
    trail.principal = nameOf({ facts: request.as });
    let fault: AwsFault | undefined;
    try {
      return await run(request, trail);
    } catch (error) {
      if (error instanceof AwsFault) fault = error;
      throw error;
    } finally {
      records?.append(trail.close(fault?.status ?? OK, fault), trail.sizeBytes);
    }
  };
}

function findOperation(
  services: readonly ServiceDefinition[],
  { service, operation }: InsideCall,
): AnyOperation | undefined {
  return services
    .find((one) => one.name === service)
    ?.operations.find((one: AnyOperation) => one.name === operation);
}

function nameOf({ facts }: Principal): string {
  if (facts.kind === 'service') return facts.service;
  return 'arn' in facts ? facts.arn : facts.kind;
}

function serviceContext({ facts }: Principal): Record<string, string> {
  if (facts.kind !== 'service') return {};
  return { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': facts.service };
}
