// What AssumeRole and AssumeRoleWithWebIdentity have in common: the session that is asked for, and its limits.
import type { Credentials, PolicyDescriptorType, Tag } from '@aws-sdk/client-sts';
import { parsePolicy } from '@pergola/policy';
import type { Call } from '../../call.ts';
import type { RoleRecord } from '../../ports.ts';
import type { SessionFacts } from '../../principal.ts';
import { faults } from './faults.ts';
import type { SessionCredentials } from './sessions.ts';

/** The members that both requests have. */
export interface SessionRequest {
  readonly DurationSeconds?: number | undefined;
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly PolicyDescriptorType[] | undefined;
}

export interface SessionLimits {
  readonly role: RoleRecord;
  /** The caller is itself a role session. */
  readonly chained: boolean;
}

const DEFAULT_SECONDS = 3_600;
const CHAINED_SECONDS_MAX = 3_600;
/** Packed policies and tags: an own measure of plain bytes, for AWS does not publish its packing. */
const PACKED_BYTES_MAX = 2_048;

/** The session's length in seconds, or the fault of one that is too long. */
export function durationOf(request: SessionRequest, limits: SessionLimits, call: Call): number {
  const seconds = request.DurationSeconds ?? DEFAULT_SECONDS;
  const { role, chained } = limits;
  if (chained && seconds > CHAINED_SECONDS_MAX) throw faults.durationOverChaining();
  if (seconds <= role.maxSessionDurationSeconds) return seconds;
  call.record({
    check: 'sts.duration',
    outcome: 'failed',
    because: `${seconds} seconds are asked for, the role ${role.roleName} allows ${role.maxSessionDurationSeconds}`,
    evidence: { requested: seconds, maximum: role.maxSessionDurationSeconds, role: role.arn },
    fix: `aws iam update-role --role-name ${role.roleName} --max-session-duration ${seconds}`,
    link: 'R8',
  });
  throw faults.durationOverRole();
}

/** The session policies of a request, checked. */
export function sessionPoliciesOf(
  request: SessionRequest,
  call: Call,
): Pick<SessionFacts, 'policyDocument' | 'policyArns'> {
  const { Policy: policyDocument, PolicyArns = [] } = request;
  if (policyDocument !== undefined) {
    const parsed = parsePolicy(policyDocument, 'session');
    if (!parsed.ok) throw faults.malformedPolicy(parsed.error.message);
  }
  const policyArns = PolicyArns.map(({ arn = '' }) => arn);
  for (const arn of policyArns) {
    if (!call.plane.ports.identities.managedPolicy(arn)) throw faults.arnInvalid(arn);
  }
  return { policyDocument, policyArns: policyArns.length > 0 ? policyArns : undefined };
}

/** Tags by key. Keys that differ in case only are the same. */
export function tagsOf(tags: readonly Tag[]): Record<string, string> {
  const lower = new Set(tags.map(({ Key = '' }) => Key.toLowerCase()));
  if (lower.size !== tags.length) throw faults.duplicateTagKeys();
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** How full the session is, in percent; undefined when it carries neither policies nor tags. */
export function packedSizeOf(
  facts: Pick<SessionFacts, 'policyDocument' | 'policyArns'>,
  tags: Readonly<Record<string, string>>,
): number | undefined {
  const parts = [facts.policyDocument ?? '', ...(facts.policyArns ?? []), ...Object.entries(tags).flat()];
  const size = Buffer.byteLength(parts.join(''));
  if (size === 0) return undefined;
  const percent = Math.ceil((size * 100) / PACKED_BYTES_MAX);
  if (percent > 100) throw faults.packedPolicyTooLarge(percent);
  return percent;
}

/** Credentials as the wire wants them. */
export function toCredentials(issued: SessionCredentials): Credentials {
  return {
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    SessionToken: issued.sessionToken,
    Expiration: new Date(issued.expiresAtMs),
  };
}

export function assumedRoleUserOf(role: RoleRecord, sessionName: string) {
  return {
    AssumedRoleId: `${role.roleId}:${sessionName}`,
    Arn: `arn:aws:sts::${role.account}:assumed-role/${role.roleName}/${sessionName}`,
  };
}
