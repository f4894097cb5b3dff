// CreateOpenIDConnectProvider: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
import type {
  CreateOpenIDConnectProviderRequest,
  CreateOpenIDConnectProviderResponse,
} from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { faults } from './faults.ts';
import { checkClientIds, checkThumbprints, issuerPath, thumbprintsOf } from './oidc-providers.ts';
import { quotas } from './quotas.ts';
import { readRecord, type StoredProvider, tables, writeRecord } from './state.ts';
import { requestTagContext, tagsUnlessNone, withTags } from './tags.ts';
import { timestampOf } from './timestamp.ts';

export const createOpenIdConnectProvider = defineOperation<
  CreateOpenIDConnectProviderRequest,
  CreateOpenIDConnectProviderResponse
>({
  name: 'CreateOpenIDConnectProvider',
  access: {
    iam({ Url = '', Tags }, { account }) {
      const resource = `arn:aws:iam::${account}:oidc-provider/${Url.replace(/^https:\/\/|\/$/g, '')}`;
      const context = requestTagContext(Tags);
      const create = { action: 'iam:CreateOpenIDConnectProvider', resource, context };
      return Tags?.length
        ? [create, { action: 'iam:TagOpenIDConnectProvider', resource, context }]
        : [create];
    },
  },
  validate({ Url = '', ClientIDList = [], ThumbprintList = [], Tags }) {
    issuerPath(Url);
    checkClientIds(ClientIDList);
    checkThumbprints(ThumbprintList);
    withTags({}, Tags);
  },
  async handle({ plane, account, nowMs }, { Url = '', ClientIDList = [], ThumbprintList, Tags }) {
    const url = issuerPath(Url);
    const provider: StoredProvider = {
      arn: `arn:aws:iam::${account}:oidc-provider/${url}`,
      url,
      clientIds: [...new Set(ClientIDList)],
      thumbprints: thumbprintsOf(ThumbprintList),
      createdAt: timestampOf(nowMs),
      tags: withTags({}, Tags),
    };
    await plane.store.transact((tx) => {
      if (readRecord(tx, tables.providers, account, url)) throw faults.providerExists(Url);
      if (tx.list(tables.providers.prefix(account)).length >= quotas.Providers)
        throw faults.quota('OpenIdConnectProvidersPerAccount', quotas.Providers);
      writeRecord(tx, tables.providers, { account, name: url }, provider);
    });
    return { OpenIDConnectProviderArn: provider.arn, ...tagsUnlessNone(provider.tags) };
  },
});
