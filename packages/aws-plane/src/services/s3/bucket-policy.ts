// Bucket policies: compiled when first used, and whether S3 would call one public.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
import { isIP } from 'node:net';
import { LruMap } from '@pergola/kernel';
import {
  compilePolicy,
  type CompiledPolicy,
  type ConditionClause,
  type NamedPolicy,
  parsePolicy,
  type PolicyDocument,
  type PrincipalElement,
} from '@pergola/policy';
import type { Call } from '../../call.ts';
import type { BucketRecord } from './bucket.ts';
import { findPolicyText } from './state.ts';

interface ReadyPolicy {
  readonly compiled: CompiledPolicy;
  readonly isPublic: boolean;
}

/** By text, so that it cannot be stale and planes may share it. */
const ready = new LruMap<string, ReadyPolicy>(256);

/** Compiles a policy that was checked when it was put. */
function readyPolicyOf(text: string): ReadyPolicy {
  const known = ready.get(text);
  if (known) return known;
  const parsed = parsePolicy(text, 'resource');
  if (!parsed.ok) throw new Error(`a stored bucket policy is malformed: ${parsed.error.message}`);
  const made = { compiled: compilePolicy(parsed.value), isPublic: isPublicPolicy(parsed.value) };
  ready.set(text, made);
  return made;
}

/** Whether the bucket's policy is public; false when it has none. */
export function hasPublicPolicy(call: Call, bucket: BucketRecord): boolean {
  const text = findPolicyText(call.plane.store, bucket.name);
  return text !== undefined && readyPolicyOf(text).isPublic;
}

/** The bucket's policy as it takes part in a decision about this caller. */
export function policyFor(call: Call, bucket: BucketRecord): NamedPolicy | undefined {
  const text = findPolicyText(call.plane.store, bucket.name);
  if (text === undefined) return undefined;
  const { compiled, isPublic } = readyPolicyOf(text);
  // RestrictPublicBuckets: a public policy grants nothing outside the account, and there nothing else could.
  const restricted = isPublic && bucket.publicAccessBlock?.RestrictPublicBuckets === true;
  if (restricted && !isOfAccount(call, bucket.account)) return undefined;
  return { name: `bucket-policy:${bucket.name}`, policy: compiled };
}

/** Whether the caller belongs to `account`; AWS's own services do everywhere. */
export function isOfAccount(call: Call, account: string): boolean {
  const { facts } = call.principal;
  return facts.kind === 'service' || ('account' in facts && facts.account === account);
}

/** True when some Allow statement names everyone and no condition fixes who that is. */
export function isPublicPolicy(document: PolicyDocument): boolean {
  return document.statements.some(
    ({ effect, principal, conditions }) =>
      effect === 'Allow' && principal !== undefined && namesEveryone(principal) && !conditions.some(isFixing),
  );
}

function namesEveryone(principal: PrincipalElement): boolean {
  return principal.negated || principal.everyone || principal.aws.includes('*');
}

/** Keys whose fixed value (no wildcard, no variable) makes a statement non-public. */
const fixingKeys = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalarn',
  'aws:principalaccount',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
]);

function isFixing({ operator, key, values }: ConditionClause): boolean {
  if (/not|ifexists|forallvalues|null/i.test(operator)) return false;
  if (key.toLowerCase() === 'aws:sourceip') return values.every(isNarrowRange);
  return fixingKeys.has(key.toLowerCase()) && values.every((value) => !/[*?]|\$\{/.test(value));
}

/** S3 calls IPv4 ranges wider than /8 and IPv6 ranges wider than /32 public. */
function isNarrowRange(range: string): boolean {
  const [address = '', bits] = range.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  return bits === undefined || Number(bits) >= (version === 4 ? 8 : 32);
}
