// What S3 asks of a bucket policy beyond the policy language: its size, its resources, principals that exist.
import { parsePolicy, type PolicyDocument, type Statement } from '@pergola/policy';
import type { Call } from '../../call.ts';
import { bucketArn } from './bucket.ts';
import { faults } from './faults.ts';

const POLICY_BYTES_MAX = 20_480;

/** Parses and checks a policy for `bucket`, or throws MalformedPolicy. */
export function checkBucketPolicy(call: Call, bucket: string, text: string): PolicyDocument {
  if (!text.trimStart().startsWith('{'))
    throw faults.malformedPolicy("Policies must be valid JSON and the first byte must be '{'");
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX)
    throw faults.malformedPolicy('Policy exceeds the maximum allowed document size.');
  const parsed = parsePolicy(text, 'resource');
  if (!parsed.ok) throw faults.malformedPolicy(parsed.error.message, parsed.error.detail);
  for (const statement of parsed.value.statements) {
    assertResources(bucket, statement);
    assertPrincipals(call, statement);
    assertActions(statement);
  }
  return parsed.value;
}

/** Every resource must be this bucket or lie in it. */
function assertResources(bucket: string, { resource }: Statement): void {
  const arn = bucketArn(bucket);
  const isWithin = (pattern: string) =>
    pattern === '*' || pattern === arn || pattern.startsWith(`${arn}/`) || pattern === `${arn}*`;
  const stray = resource?.patterns.find((pattern) => !isWithin(pattern));
  if (stray !== undefined) throw faults.malformedPolicy('Policy has invalid resource', stray);
}

function assertActions({ action, resource }: Statement): void {
  const foreign = action.patterns.find((pattern) => pattern !== '*' && !/^s3:/i.test(pattern));
  if (foreign !== undefined) throw faults.malformedPolicy('Policy has invalid action', foreign);
  // An action on objects needs a resource in the bucket: the commonest mistake, which S3 names.
  const named = action.patterns.filter((pattern) => /^s3:[a-z]+$/i.test(pattern));
  if (action.negated || resource?.negated || named.length !== action.patterns.length) return;
  const onObjects = named.every((name) => /^s3:(get|put|delete|restore|abort)object/i.test(name));
  const patterns = resource?.patterns ?? [];
  if (onObjects && patterns.length > 0 && !patterns.some((pattern) => /[/*]/.test(pattern)))
    throw faults.malformedPolicy('Action does not apply to any resource(s) in statement');
}

/** Principals must be accounts of the right form, and users and roles that exist. */
function assertPrincipals(call: Call, { principal }: Statement): void {
  for (const name of principal?.aws ?? []) {
    if (!isPrincipal(call, name))
      throw faults.malformedPolicy('Invalid principal in policy', `"AWS" : "${name}"`);
  }
}

function isPrincipal(call: Call, name: string): boolean {
  if (
    name === '*' ||
    /^\d{12}$/.test(name) ||
    /^arn:aws:(iam|sts)::\d{12}:(root|assumed-role\/.+|federated-user\/.+)$/.test(name)
  )
    return true;
  const { identities } = call.plane.ports;
  const [, account = '', kind, path = ''] = /^arn:aws:iam::(\d{12}):(user|role)\/(.+)$/.exec(name) ?? [];
  const simpleName = path.slice(path.lastIndexOf('/') + 1);
  if (kind === 'user') return identities.findUser(account, simpleName)?.arn === name;
  if (kind === 'role') return identities.findRole(account, simpleName)?.arn === name;
  return false;
}
