// Policy documents on their way in and out.
import { type PolicyDocument, type PolicyKind, parsePolicy } from '@pergola/policy';
import { faults } from './faults.ts';
import { quotas } from './quotas.ts';

/** Throws MalformedPolicyDocument unless `text` is a policy of its kind. */
export function checkDocument(text: string, kind: PolicyKind): PolicyDocument {
  const parsed = parsePolicy(text, kind);
  if (!parsed.ok) throw faults.malformedPolicy(parsed.error.message);
  return parsed.value;
}

/** The trust policy of a role. */
export function checkTrust(text: string): PolicyDocument {
  const document = checkDocument(text, 'trust');
  if (sizeOf(text) > quotas.TrustPolicySize) throw faults.quota('ACLSizePerRole', quotas.TrustPolicySize);
  return document;
}

/** A version of a managed policy. */
export function checkManaged(text: string): void {
  checkDocument(text, 'identity');
  if (sizeOf(text) > quotas.PolicySize) throw faults.quota('PolicySize', quotas.PolicySize);
}

/** What quotas count: IAM does not count white space. */
export function sizeOf(text: string): number {
  return text.replace(/\s/g, '').length;
}

/** IAM answers with documents URL-encoded after RFC 3986; SDKs leave it so, the command line decodes it. */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
