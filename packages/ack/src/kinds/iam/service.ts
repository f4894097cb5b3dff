// IAM, and what its kinds share: paths, boundaries, and policies attached to or within an identity.
import type { Dealings, FieldRule, Raw, ServiceDescription, TagRule } from '../../kind/description.ts';
import { select } from '../../kind/values/select.ts';
import { decodeDocument } from '../../kind/values/document.ts';

export const iam: ServiceDescription = { service: 'iam', group: 'iam', actions: 'iam' };

export const arnOfPolicy = { kind: 'Policy', path: 'status.ackResourceMetadata.arn' } as const;

export const terminal = ['InvalidInput', 'MalformedPolicyDocument', 'ValidationError', 'UnmodifiableEntity'];

/** Kinds of identities that have policies. */
export type Identity = 'Role' | 'User' | 'Group';

function named(identity: Identity): Raw {
  return { [`${identity}Name`]: '$Name' };
}

/** Policies of their own that are attached. */
export function attachedPolicies(identity: Identity): FieldRule {
  return {
    listOf: 's',
    reference: arnOfPolicy,
    description: 'ARNs of the policies that are attached.',
    entries: {
      key: '',
      add: { operation: `Attach${identity}Policy`, input: { ...named(identity), PolicyArn: '$key' } },
      drop: { operation: `Detach${identity}Policy`, input: { ...named(identity), PolicyArn: '$key' } },
      read: {
        operation: `ListAttached${identity}Policies`,
        input: named(identity),
        at: 'AttachedPolicies[].PolicyArn',
        page: ['Marker', 'Marker'],
      },
    },
  };
}

/** Policies that are a part of the identity, by name. */
export function inlinePolicies(identity: Identity): FieldRule {
  return {
    mapOf: 's',
    observe: 'InlinePolicies',
    compare: 'policy',
    description: 'Documents of the policies that are a part of it, by name.',
    entries: {
      key: '*',
      add: {
        operation: `Put${identity}Policy`,
        input: { ...named(identity), PolicyName: '$key', PolicyDocument: '$entry' },
      },
      drop: { operation: `Delete${identity}Policy`, input: { ...named(identity), PolicyName: '$key' } },
    },
  };
}

export function boundary(identity: Identity): FieldRule {
  return {
    observe: 'PermissionsBoundary.PermissionsBoundaryArn',
    reference: arnOfPolicy,
    part: {
      put: `Put${identity}PermissionsBoundary`,
      input: { ...named(identity), PermissionsBoundary: '$value' },
      remove: { operation: `Delete${identity}PermissionsBoundary`, input: named(identity) },
    },
  };
}

export function tagsOf(noun: string, input: Raw): TagRule {
  return {
    field: 'Tags',
    add: { operation: `Tag${noun}`, input: { ...input, Tags: '$tags' } },
    drop: { operation: `Untag${noun}`, input: { ...input, TagKeys: '$keys' } },
  };
}

export function policyOperations(identity: Identity): readonly string[] {
  return [`List${identity}Policies`, `Get${identity}Policy`];
}

export function readInlinePolicies(identity: Identity): (dealings: Dealings) => Promise<Raw> {
  return async (dealings) => {
    if (!dealings.isAsked('InlinePolicies')) return {};
    const names = await inlineNames(identity, dealings);
    const documents = await Promise.all(
      names.map(async (PolicyName) => {
        const input = { [`${identity}Name`]: dealings.find('$Name'), PolicyName };
        const { PolicyDocument } = await dealings.call(`Get${identity}Policy`, input);
        return [PolicyName, decodeDocument(PolicyDocument)] as const;
      }),
    );
    return { InlinePolicies: Object.fromEntries(documents) };
  };
}

/** AWS deletes no identity that has policies. */
export function dropPolicies(identity: Identity): (dealings: Dealings) => Promise<void> {
  return async (dealings) => {
    const input = { [`${identity}Name`]: dealings.find('$Name') };
    const attached = await pages(
      dealings,
      `ListAttached${identity}Policies`,
      input,
      'AttachedPolicies[].PolicyArn',
    );
    for (const PolicyArn of attached) await dealings.call(`Detach${identity}Policy`, { ...input, PolicyArn });
    for (const PolicyName of await inlineNames(identity, dealings)) {
      await dealings.call(`Delete${identity}Policy`, { ...input, PolicyName });
    }
  };
}

async function inlineNames(identity: Identity, dealings: Dealings): Promise<readonly string[]> {
  const input = { [`${identity}Name`]: dealings.find('$Name') };
  return await pages(dealings, `List${identity}Policies`, input, 'PolicyNames');
}

/** All texts at a path, of all pages. */
export async function pages(
  { call }: Dealings,
  operation: string,
  input: Raw,
  path: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  let marker: unknown;
  do {
    const output = await call(operation, marker === undefined ? input : { ...input, Marker: marker });
    const values = select(output, path);
    if (Array.isArray(values)) found.push(...values.map(String));
    marker = output['IsTruncated'] === true ? output['Marker'] : undefined;
  } while (marker !== undefined);
  return found;
}
