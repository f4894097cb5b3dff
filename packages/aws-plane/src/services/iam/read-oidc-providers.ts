// GetOpenIDConnectProvider, ListOpenIDConnectProviders and DeleteOpenIDConnectProvider.
import type {
  DeleteOpenIDConnectProviderRequest,
  GetOpenIDConnectProviderRequest,
  GetOpenIDConnectProviderResponse,
  ListOpenIDConnectProvidersRequest,
  ListOpenIDConnectProvidersResponse,
} from '@aws-sdk/client-iam';
import { defineOperation, iam } from '../../operation.ts';
import { providerUrlOf } from './naming.ts';
import { onProvider, providerNamed } from './oidc-providers.ts';
import { listRecords, tables } from './state.ts';
import { tagListOf } from './tags.ts';

export const getOpenIdConnectProvider = defineOperation<
  GetOpenIDConnectProviderRequest,
  GetOpenIDConnectProviderResponse
>({
  name: 'GetOpenIDConnectProvider',
  access: onProvider('iam:GetOpenIDConnectProvider'),
  handle(call, { OpenIDConnectProviderArn }) {
    const provider = providerNamed(call, OpenIDConnectProviderArn);
    return {
      Url: provider.url,
      ClientIDList: [...provider.clientIds],
      ThumbprintList: [...provider.thumbprints],
      CreateDate: new Date(provider.createdAt),
      Tags: tagListOf(provider.tags),
    };
  },
});

export const listOpenIdConnectProviders = defineOperation<
  ListOpenIDConnectProvidersRequest,
  ListOpenIDConnectProvidersResponse
>({
  name: 'ListOpenIDConnectProviders',
  access: iam('iam:ListOpenIDConnectProviders'),
  handle: ({ plane, account }) => ({
    OpenIDConnectProviderList: listRecords(plane.store, tables.providers, account).map(({ arn }) => ({
      Arn: arn,
    })),
  }),
});

/** Deleting one that is not there is no error, as in AWS. */
export const deleteOpenIdConnectProvider = defineOperation<DeleteOpenIDConnectProviderRequest, object>({
  name: 'DeleteOpenIDConnectProvider',
  access: onProvider('iam:DeleteOpenIDConnectProvider'),
  async handle({ plane, account }, { OpenIDConnectProviderArn = '' }) {
    const url = providerUrlOf(account, OpenIDConnectProviderArn);
    if (url !== undefined) await plane.store.transact((tx) => tx.delete(tables.providers.key(account, url)));
    return {};
  },
});
