// CreateOpenIDConnectProvider: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
import type {
  CreateOpenIDConnectProviderRequest,
  CreateOpenIDConnectProviderResponse,
} from '@aws-sdk/client-iam';
import { defineOperation, iam } from '../../operation.ts';
import { faults } from './faults.ts';
import { checkClientIds, checkThumbprints, issuerPath } from './oidc-providers.ts';
import { readRecord, type StoredProvider, tables, writeRecord } from './state.ts';
import { tagListOf, withTags } from './tags.ts';

export const createOpenIdConnectProvider = defineOperation<
  CreateOpenIDConnectProviderRequest,
  CreateOpenIDConnectProviderResponse
>({
  name: 'CreateOpenIDConnectProvider',
  access: iam(
    'iam:CreateOpenIDConnectProvider',
    ({ Url = '' }, { account }) => `arn:aws:iam::${account}:oidc-provider/${Url.replace(/^https:\/\//, '')}`,
  ),
  validate({ Url = '', ClientIDList = [], ThumbprintList = [], Tags }) {
    issuerPath(Url);
    checkClientIds(ClientIDList);
    checkThumbprints(ThumbprintList);
    withTags({}, Tags);
  },
  async handle({ plane, account, nowMs }, { Url = '', ClientIDList = [], ThumbprintList = [], Tags }) {
    const url = issuerPath(Url);
    const provider: StoredProvider = {
      arn: `arn:aws:iam::${account}:oidc-provider/${url}`,
      url,
      clientIds: [...new Set(ClientIDList)],
      thumbprints: ThumbprintList.map((each) => each.toLowerCase()),
      createdAt: new Date(nowMs).toISOString(),
      tags: withTags({}, Tags),
    };
    await plane.store.transact((tx) => {
      if (readRecord(tx, tables.providers, account, url)) throw faults.providerExists(Url);
      writeRecord(tx, tables.providers, { account, name: url }, provider);
    });
    return { OpenIDConnectProviderArn: provider.arn, ...(Tags ? { Tags: tagListOf(provider.tags) } : {}) };
  },
});
