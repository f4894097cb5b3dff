// The pipeline of every AWS call, as one ordered list. Read this file first.
//
//   receive → route → authenticate → payload → decode → authorize → validate → invoke → encode → record
//
// Each stage is a function in a file of its own name. It takes what earlier stages found, records its Steps on the
// trail, and throws an AwsFault to end the call; only `encode` turns faults into bytes.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@pergola/kernel';
import { SignatureVerifier } from '@pergola/sigv4';
import type { WireRequest, WireResponse } from '../codecs/codec.ts';
import { loadCodec } from '../codecs/load-codec.ts';
import { AwsFault } from '../fault.ts';
import type { AnyOperation, ServiceDefinition } from '../operation.ts';
import type { PlaneContext } from '../plane-context.ts';
import type { CallRecords } from '../records.ts';
import type { VerifiedBody } from '../verified-body.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { readWhole } from './body.ts';
import { decode } from './decode.ts';
import { familyOf, internalFailure } from './faults.ts';
import { openPayload } from './payload.ts';
import { receive, type Received } from './receive.ts';
import { respond } from './respond.ts';
import { registryOf, route, type Routed } from './route.ts';
import { SessionPolicies } from './session-policies.ts';
import { Trail } from './trail.ts';

export type AnswerCall = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** What one request has opened and must not leave open. */
interface Opened {
  body?: VerifiedBody;
}

/** Builds the pipeline over `services`. The function answers one request and never rejects. */
export function openPipeline(
  plane: PlaneContext,
  services: readonly ServiceDefinition[],
  records: CallRecords,
): AnswerCall {
  const registry = registryOf(services);
  const verifier = new SignatureVerifier();
  const sessionPolicies = new SessionPolicies();
  const { clock, random, logger } = plane;

  /** The stages up to the encoded answer. Throws the fault of the first one that refuses. */
  async function run(request: Received, trail: Trail, opened: Opened): Promise<WireResponse> {
    const routed = await route(request, trail, { registry, random });
    if (routed.codec.protocol.endsWith('Query')) trail.keep(routed.signedBody?.length ?? 0);
    const caller = authenticate(plane, request, routed, { trail, verifier });
    trail.principal = nameOf(caller);
    const operation = operationOf(routed);
    const wire = await payload(request, routed, caller, opened);
    const input = decode(routed.codec, operation, wire);
    const { principal, account, region, credential } = caller;
    const { protocol, service } = routed.codec;
    const nowMs = clock.nowMs();
    const { transport } = request;
    const who = { principal, account, region, credential };
    const call = await authorize(
      { plane, service, protocol, nowMs, transport, sessionPolicies, trail, ...who },
      operation,
      input,
    );
    operation.validate?.(input, call);
    const output = await operation.handle(call, input);
    return routed.codec.encode(operation.name, output, trail.requestId);
  }

  return async (incoming, outgoing) => {
    const trail = new Trail(clock.nowMs(), headChars(incoming));
    const opened: Opened = {};
    let fault: AwsFault | undefined;
    let answer: WireResponse;
    let request: Received | undefined;
    try {
      request = receive(incoming, outgoing);
      answer = await run(request, trail, opened);
    } catch (error) {
      fault = error instanceof AwsFault ? error : bug(error, trail, logger);
      trail.requestId ||= random.uuid();
      answer = await encodeFault(fault, incoming, trail);
    }
    records.append(trail.close(answer.status, fault), trail.sizeBytes);
    if (fault?.code.startsWith('AccessDenied')) tellDenial(fault, trail, logger);
    const last = request?.expectation.pending ?? false;
    await respond(incoming, outgoing, answer, last).catch((error: unknown) => {
      logger.error({ error, requestId: trail.requestId }, 'the answer could not be sent');
      // A client must not wait for what will never come.
      outgoing.destroy();
    });
    opened.body?.destroy();
  };
}

/** Refusals are what a node's log is searched for; the record holds the reasons. */
function tellDenial({ code }: AwsFault, trail: Trail, logger: Logger): void {
  const { requestId, operation, principal } = trail;
  const service = trail.codec?.service;
  logger.info({ service, operation, code, principal, requestId }, 'a call was denied');
}

/** What a client is told of a failure that is ours; the log has the rest. */
function bug(error: unknown, trail: Trail, logger: Logger): AwsFault {
  const { requestId, operation } = trail;
  logger.error({ error, requestId, operation }, 'a call failed by our own fault');
  return internalFailure(
    familyOf(trail.protocol),
    'The request processing has failed because of an unknown error, exception or failure.',
  );
}

async function encodeFault(fault: AwsFault, incoming: IncomingMessage, trail: Trail): Promise<WireResponse> {
  const codec = trail.codec ?? (await loadCodec('s3'));
  const resource = incoming.url?.split('?', 1)[0];
  return codec.encodeFault(fault, trail.requestId, { head: incoming.method === 'HEAD', resource });
}

function headChars({ url = '', rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, url.length);
}

function operationOf(routed: Routed): AnyOperation {
  if ('fault' in routed.target) throw routed.target.fault;
  return routed.target.operation;
}

/** What the codec decodes: for S3 with the verified body, whole unless the operation streams it. */
async function payload(
  request: Received,
  routed: Routed,
  caller: Caller,
  opened: Opened,
): Promise<WireRequest> {
  const { codec, wire, operationName } = routed;
  if (routed.signedBody) return wire;
  const body = openPayload(request, caller);
  opened.body = body;
  const whole = codec.streams(operationName) ? body : await readWhole(body, codec.protocol, undefined);
  return Object.assign({}, wire, { body: whole });
}

function nameOf({ principal }: Caller): string {
  return 'arn' in principal.facts ? principal.facts.arn : 'anonymous';
}
