// Access control lists of buckets: AWS tells grants, where a resource says a canned name or headers.
import type { Dealings, Raw } from '../../kind/description.ts';
import type { Difference, JsonObject } from '../../kind/kind.ts';
import { select } from '../../kind/values/select.ts';
import { isObject } from '../../kind/values/to-aws.ts';

/** Fields of the spec that are granted by headers, with the permission of each. */
const granted: Readonly<Record<string, string>> = {
  GrantFullControl: 'FULL_CONTROL',
  GrantRead: 'READ',
  GrantReadACP: 'READ_ACP',
  GrantWrite: 'WRITE',
  GrantWriteACP: 'WRITE_ACP',
};

export const aclFields = ['ACL', ...Object.keys(granted)];

const groups = 'http://acs.amazonaws.com/groups';

/** By what others than the owner may do. */
const canned: Readonly<Record<string, string>> = {
  '': 'private',
  'global/AllUsers READ': 'public-read',
  'global/AllUsers READ,global/AllUsers WRITE': 'public-read-write',
  'global/AuthenticatedUsers READ': 'authenticated-read',
  's3/LogDelivery READ_ACP,s3/LogDelivery WRITE': 'log-delivery-write',
};

/** What AWS has, in the words of the spec. */
export function aclOf(answer: Raw): Raw {
  const owner = select(answer, 'Owner.ID');
  const grants = (Array.isArray(answer['Grants']) ? answer['Grants'] : []).filter(isObject);
  const others = grants
    .filter((grant) => select(grant, 'Grantee.ID') !== owner)
    .map((grant) => `${groupOf(grant)} ${String(grant['Permission'])}`)
    .sort()
    .join(',');
  const headers = Object.entries(granted).map(([field, permission]) => {
    const grantees = grants.filter((grant) => grant['Permission'] === permission).map(granteeOf);
    return [field, grantees.sort().join(', ')] as const;
  });
  return { ACL: canned[others], ...Object.fromEntries(headers) };
}

/** Grants that are the same in another writing are no difference. */
export function withoutSameGrants(
  wanted: JsonObject,
  differences: readonly Difference[],
): readonly Difference[] {
  return differences.filter(({ path, observed }) => {
    if (!path.startsWith('grant')) return true;
    return normalGrants(wanted[path]) !== normalGrants(observed);
  });
}

export async function putAcl({ call, find, field }: Dealings): Promise<void> {
  const asked = aclFields.map((key) => [key, field(key)] as const).filter(([, value]) => value !== undefined);
  await call('PutBucketAcl', { Bucket: find('$Name'), ...Object.fromEntries(asked) });
}

function groupOf(grant: Raw): string {
  const uri = select(grant, 'Grantee.URI');
  if (typeof uri === 'string' && uri.startsWith(groups)) return uri.slice(groups.length + 1);
  return granteeOf(grant);
}

function granteeOf(grant: Raw): string {
  const id = select(grant, 'Grantee.ID');
  return id === undefined ? `uri="${String(select(grant, 'Grantee.URI'))}"` : `id="${String(id)}"`;
}

function normalGrants(value: unknown): string {
  const parts = typeof value === 'string' ? value.split(',') : [];
  const grantees = parts.map((part) => part.trim().replace(/^(\w+)=(?!")(.*)$/, '$1="$2"'));
  return grantees
    .filter((grantee) => grantee !== '')
    .sort()
    .join(',');
}
