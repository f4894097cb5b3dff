// OIDC identity providers: the account's trust in issuers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
import type { Transaction } from '@pergola/store';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { faults } from './faults.ts';
import { providerUrlOf } from './naming.ts';
import { quotas } from './quotas.ts';
import { readRecord, type StoredProvider, tables, writeRecord } from './state.ts';
import { resourceTagContext } from './tags.ts';

/** Host and path of an issuer's URL. Throws unless it is https, without port, query or fragment. */
export function issuerPath(url: string): string {
  const match = /^https:\/\/([^/?#]+)(\/[^?#]*)?$/.exec(url);
  if (!match?.[1] || url.length > 255) throw faults.validation('Invalid Open ID Connect Provider URL');
  if (/[:@]/.test(match[1]))
    throw faults.invalidInput('Open ID Connect provider URLs may not contain a port number.');
  return (match[1] + (match[2] ?? '')).replace(/\/$/, '');
}

export function checkClientIds(clientIds: readonly string[]): void {
  const most = quotas.ClientIdsPerProvider;
  if (clientIds.length > most) throw faults.quota('ClientIdsPerOpenIdConnectProvider', most);
}

export function checkThumbprints(thumbprints: readonly string[]): void {
  if (thumbprints.length > quotas.ThumbprintsPerProvider)
    throw faults.invalidInput('Thumbprint list must contain fewer than 5 entries.');
  if (thumbprints.some((each) => !/^[0-9a-fA-F]{40}$/.test(each)))
    throw faults.validation('Thumbprints must be the hex encoding of a SHA-1 digest: 40 characters.');
}

/** Thumbprints as they are kept: in lower case. */
export function thumbprintsOf(list: readonly string[] | undefined): readonly string[] {
  return (list ?? []).map((each) => each.toLowerCase());
}

interface ProviderInput {
  readonly OpenIDConnectProviderArn: string | undefined;
}

/** Policies decide on the provider's ARN and see its tags. */
export function onProvider<Input extends ProviderInput>(
  action: string,
  contextOf: (input: Input) => AccessCheck['context'] = () => ({}),
): Access<Input> {
  return {
    iam(input, call) {
      const resource = input.OpenIDConnectProviderArn ?? '*';
      const url = providerUrlOf(call.account, resource);
      const provider = url && readRecord(call.plane.store, tables.providers, call.account, url);
      const tags = provider ? resourceTagContext(provider.tags) : {};
      return [{ action, resource, context: { ...tags, ...contextOf(input) } }];
    },
  };
}

export function providerNamed(call: Call, arn = ''): StoredProvider {
  const url = providerUrlOf(call.account, arn) ?? '';
  const provider = readRecord(call.plane.store, tables.providers, call.account, url);
  if (provider?.arn !== arn) throw faults.noSuchProvider(arn);
  return provider;
}

export async function changeProvider(
  call: Call,
  arn: string | undefined,
  change: (provider: StoredProvider, tx: Transaction) => StoredProvider,
): Promise<object> {
  await call.plane.store.transact((tx) => {
    const name = providerUrlOf(call.account, arn ?? '') ?? '';
    const provider = readRecord(tx, tables.providers, call.account, name);
    if (provider?.arn !== arn || !provider) throw faults.noSuchProvider(arn ?? '');
    writeRecord(tx, tables.providers, { account: call.account, name }, change(provider, tx));
  });
  return {};
}
