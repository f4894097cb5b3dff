// OpenIDConnectProvider: an issuer of tokens that the account trusts.
import { AwsError } from '@pergola/aws-client';
import type { Dealings, KindDescription, Raw } from '../../kind/description.ts';
import { iam, tagsOf, terminal } from './service.ts';

function arnOf({ wanted, field }: Dealings): string | undefined {
  if (wanted.arn !== undefined) return wanted.arn;
  const url = field('Url');
  if (typeof url !== 'string') return undefined;
  return `arn:${wanted.partition}:iam::${wanted.account}:oidc-provider/${url.replace(/^https:\/\//, '')}`;
}

async function find(dealings: Dealings): Promise<Raw | undefined> {
  const OpenIDConnectProviderArn = arnOf(dealings);
  if (OpenIDConnectProviderArn === undefined) return undefined;
  try {
    const provider = await dealings.call('GetOpenIDConnectProvider', { OpenIDConnectProviderArn });
    // AWS leaves the scheme out, and takes no other.
    return { ...provider, Url: `https://${String(provider['Url'])}`, OpenIDConnectProviderArn };
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchEntity') return undefined;
    throw error;
  }
}

const provider = { OpenIDConnectProviderArn: '$arn' };

export const openIdConnectProvider: KindDescription = {
  service: iam,
  kind: 'OpenIDConnectProvider',
  shortNames: ['oidcprovider'],
  identity: 'Url',
  fields: {
    ClientIDList: {
      observe: 'ClientIDList',
      entries: {
        key: '',
        add: { operation: 'AddClientIDToOpenIDConnectProvider', input: { ...provider, ClientID: '$key' } },
        drop: {
          operation: 'RemoveClientIDFromOpenIDConnectProvider',
          input: { ...provider, ClientID: '$key' },
        },
      },
    },
    // AWS finds the thumbprint itself when none is said.
    ThumbprintList: { observe: 'ThumbprintList', compare: 'caseless' },
    Url: { immutable: true, compare: 'never' },
  },
  create: [{ operation: 'CreateOpenIDConnectProvider' }],
  read: [],
  update: [
    {
      operation: 'UpdateOpenIDConnectProviderThumbprint',
      input: provider,
    },
  ],
  tags: tagsOf('OpenIDConnectProvider', provider),
  remove: [{ operation: 'DeleteOpenIDConnectProvider', input: provider }],
  gone: ['NoSuchEntity'],
  terminal: [...terminal, 'EntityAlreadyExists'],
  columns: [{ name: 'URL', path: '.spec.url' }],
  ways: { operations: ['GetOpenIDConnectProvider'], find },
};
