// Stage 3: who calls. Verifies the signature, the session and the clock.
import { hash } from 'node:crypto';
import {
  type Credential,
  EMPTY_SHA256,
  type KeyMaterial,
  payloads,
  type SignatureVerifier,
} from '@pergola/sigv4';
import { bucketOfHost } from '../codecs/s3-address.ts';
import { AwsFault } from '../fault.ts';
import type { AnyOperation, ServiceName } from '../operation.ts';
import type { PlaneContext } from '../plane-context.ts';
import type { AccessKeyRecord } from '../ports.ts';
import type { Principal } from '../principal.ts';
import { familyOf } from './faults.ts';
import type { Received } from './receive.ts';
import type { Routed } from './route.ts';
import { signingName } from './service-of.ts';
import { signatureFault } from './signature-faults.ts';
import type { Trail } from './trail.ts';

/** The caller of a request. */
export interface Caller {
  readonly principal: Principal;
  /** Account that the call acts in. */
  readonly account: string;
  readonly region: string;
  /** Absent for anonymous calls. */
  readonly credential: Credential | undefined;
  /** What aws-chunked bodies are signed with. */
  readonly signingKey: Buffer | undefined;
}

/** Minutes that a request's time may differ from ours. AWS measures differ by service. */
const windows: Readonly<Partial<Record<ServiceName, number>>> = { logs: 5 };
const WINDOW_MINUTES = 15;
const ANONYMOUS: Principal = { facts: { kind: 'anonymous' } };

export function authenticate(
  plane: PlaneContext,
  request: Received,
  routed: Routed,
  context: { readonly trail: Trail; readonly verifier: SignatureVerifier },
): Caller {
  if (needsNoSignature(routed)) return anonymous(plane);
  const { codec, reading } = routed;
  if (codec.service === 's3') refuseTwoSignatures(request);
  const family = familyOf(codec.protocol);
  const nowMs = plane.clock.nowMs();
  let found: AccessKeyRecord | undefined;
  const verdict = context.verifier.verify(request, {
    nowMs,
    findKey: (accessKeyId, sessionToken) => {
      const record = findKey(plane, accessKeyId, sessionToken);
      if (record === undefined || record === 'wrong-token') return record;
      found = record;
      return keyMaterialOf(record);
    },
    payloadHash: payloadHashOf(request, routed),
    pathStyle: codec.service === 's3' ? 's3' : 'encoded-twice',
    service: signingName(codec.service),
    windowMinutes: windows[codec.service] ?? WINDOW_MINUTES,
    virtualBucket: codec.service === 's3' ? bucketOfHost(request.host) : undefined,
    reading,
  });
  context.trail.add(verdict);
  if (!verdict.allowed) throw signatureFault(family, verdict.failure, nowMs);
  const principal = found && principalOf(plane, found);
  if (!found || !principal) {
    const { accessKeyId } = verdict.credential;
    throw signatureFault(family, { reason: 'unknown-key', accessKeyId }, nowMs);
  }
  const region = verdict.credential.scope.region || plane.defaultRegion;
  const { accessKeyId } = found;
  plane.ports.identities.noteUse({ accessKeyId, service: codec.service, region, atMs: nowMs });
  const { credential, signingKey } = verdict;
  return { principal, account: found.account, region, credential, signingKey };
}

/** Anonymous operations, those that carry another credential, and S3, where a bucket policy may allow anyone. */
function needsNoSignature(routed: Routed): boolean {
  if ('operation' in routed.target && isOpen(routed.target.operation)) return true;
  return routed.codec.service === 's3' && routed.reading.kind === 'none';
}

const QUERY_SIGNATURE = /(?:^|&)(?:X-Amz-Algorithm|Signature)=/;

/** A presigned URL to which the client adds an Authorization header of its own is not S3's to choose between. */
function refuseTwoSignatures({ headers, query }: Received): void {
  const { authorization } = headers;
  if (authorization === undefined || !QUERY_SIGNATURE.test(query)) return;
  throw new AwsFault(
    'InvalidArgument',
    400,
    'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    { ArgumentName: 'Authorization', ArgumentValue: authorization },
  );
}

function isOpen(operation: AnyOperation): boolean {
  return 'anonymous' in operation.access || 'identify' in operation.access;
}

function anonymous(plane: PlaneContext): Caller {
  return {
    principal: ANONYMOUS,
    account: plane.defaultAccount,
    region: plane.defaultRegion,
    credential: undefined,
    signingKey: undefined,
  };
}

/** Temporary keys (ASIA…) live in their token, long-term keys in the directory. */
export function findKey(plane: PlaneContext, accessKeyId: string, sessionToken: string | undefined) {
  if (!accessKeyId.startsWith('ASIA')) return plane.ports.identities.findAccessKey(accessKeyId);
  if (sessionToken === undefined) return undefined;
  return plane.ports.sessions.findSession(accessKeyId, sessionToken) ?? 'wrong-token';
}

export function keyMaterialOf(record: AccessKeyRecord): KeyMaterial {
  const { secretAccessKey, active, owner } = record;
  if (owner.kind !== 'role-session') return { secretAccessKey, active };
  const { sessionToken, session } = owner;
  return { secretAccessKey, active, sessionToken, expiresAtMs: session.expiresAtMs };
}

export function principalOf(plane: PlaneContext, record: AccessKeyRecord): Principal | undefined {
  const { account, accessKeyId, owner } = record;
  if (owner.kind === 'root')
    return { facts: { kind: 'root', account, arn: `arn:aws:iam::${account}:root` }, accessKeyId };
  if (owner.kind === 'role-session') {
    const arn = `arn:aws:sts::${account}:assumed-role/${owner.roleName}/${owner.sessionName}`;
    const userId = `${owner.roleId}:${owner.sessionName}`;
    const facts = { kind: 'role-session', account, arn, roleArn: owner.roleArn, userId } as const;
    return { facts, accessKeyId, session: owner.session };
  }
  const user = plane.ports.identities.findUser(account, owner.userName);
  if (!user) return undefined;
  const { arn, userId, userName } = user;
  return { facts: { kind: 'user', account, arn, userId, userName }, accessKeyId };
}

const SHA256 = /^[0-9a-f]{64}$/;
const streamingWords: ReadonlySet<string> = new Set(Object.values(payloads));

/** The payload's hash as the client signed it: of the body where we have it, announced by the client for S3. */
function payloadHashOf(request: Received, routed: Routed): string {
  if (routed.signedBody)
    return routed.signedBody.length === 0 ? EMPTY_SHA256 : hash('sha256', routed.signedBody, 'hex');
  const announced = request.headers['x-amz-content-sha256'];
  const header = routed.reading.kind === 'credential' && routed.reading.credential.form === 'header';
  if (announced === undefined) {
    if (!header) return payloads.unsigned;
    throw new AwsFault(
      'InvalidRequest',
      400,
      'Missing required header for this request: x-amz-content-sha256',
    );
  }
  if (SHA256.test(announced) || streamingWords.has(announced)) return announced;
  throw new AwsFault(
    'InvalidArgument',
    400,
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    { ArgumentName: 'x-amz-content-sha256', ArgumentValue: announced },
  );
}
