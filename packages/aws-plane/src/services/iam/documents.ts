// Policy documents on their way in and out.
import { parsePolicy, type PolicyKind } from '@pergola/policy';
import { faults } from './faults.ts';

/** Throws MalformedPolicyDocument unless `text` is a policy of its kind. */
export function checkDocument(text: string, kind: PolicyKind): void {
  const parsed = parsePolicy(text, kind);
  if (!parsed.ok) throw faults.malformedPolicy(parsed.error.message);
}

/** IAM answers with documents URL-encoded after RFC 3986; SDKs leave it so, the command line decodes it. */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
