// The catalogue of AWS managed policies: real names, ARNs and documents. A policy whose document is not known
// for certain is not in it.
import { createHash } from 'node:crypto';
import { alphabets } from '@pergola/kernel';
import catalogue from './generated/managed-policies.json' with { type: 'json' };

/** One AWS managed policy in its default version. */
export interface AwsManagedPolicy {
  readonly name: string;
  /** `/`, `/service-role/`, `/job-function/`… */
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly description?: string;
  readonly defaultVersionId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** JSON text. */
  readonly document: string;
}

type Row = Omit<AwsManagedPolicy, 'arn' | 'id'> & { readonly id?: string };

interface Catalogue {
  readonly policies: readonly AwsManagedPolicy[];
  readonly byArn: ReadonlyMap<string, AwsManagedPolicy>;
}

/** Made when first asked for, because its ids are hashes and the boot waits for none of them. */
let opened: Catalogue | undefined;

function openCatalogue(): Catalogue {
  if (opened) return opened;
  const policies = (catalogue as readonly Row[]).map((row) => {
    const arn = `arn:aws:iam::aws:policy${row.path}${row.name}`;
    return { ...row, arn, id: row.id ?? idOf(arn) };
  });
  opened = { policies, byArn: new Map(policies.map((policy) => [policy.arn, policy])) };
  return opened;
}

/** All of them, by name. */
export function awsManagedPolicies(): readonly AwsManagedPolicy[] {
  return openCatalogue().policies;
}

export function awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  return openCatalogue().byArn.get(arn);
}

/** AWS publishes no list of the unique ids; the same policy has the same one here, at any time. */
function idOf(arn: string): string {
  const digest = createHash('sha256').update(arn).digest().subarray(0, 17);
  return `ANPA${Array.from(digest, (byte) => alphabets.base32.charAt(byte % 32)).join('')}`;
}
