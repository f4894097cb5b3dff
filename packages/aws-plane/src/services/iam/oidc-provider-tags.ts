// TagOpenIDConnectProvider, UntagOpenIDConnectProvider and ListOpenIDConnectProviderTags.
import type {
  ListOpenIDConnectProviderTagsRequest,
  ListOpenIDConnectProviderTagsResponse,
  TagOpenIDConnectProviderRequest,
  UntagOpenIDConnectProviderRequest,
} from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { changeProvider, onProvider, providerNamed } from './oidc-providers.ts';
import { pageOf } from './paging.ts';
import { requestTagContext, tagListOf, withoutTags, withTags } from './tags.ts';

export const tagOpenIdConnectProvider = defineOperation<TagOpenIDConnectProviderRequest, object>({
  name: 'TagOpenIDConnectProvider',
  access: onProvider<TagOpenIDConnectProviderRequest>('iam:TagOpenIDConnectProvider', ({ Tags }) =>
    requestTagContext(Tags),
  ),
  handle: (call, { OpenIDConnectProviderArn, Tags }) =>
    changeProvider(call, OpenIDConnectProviderArn, (provider) => ({
      ...provider,
      tags: withTags(provider.tags, Tags),
    })),
});

export const untagOpenIdConnectProvider = defineOperation<UntagOpenIDConnectProviderRequest, object>({
  name: 'UntagOpenIDConnectProvider',
  access: onProvider<UntagOpenIDConnectProviderRequest>('iam:UntagOpenIDConnectProvider', ({ TagKeys }) =>
    requestTagContext([], TagKeys),
  ),
  handle: (call, { OpenIDConnectProviderArn, TagKeys }) =>
    changeProvider(call, OpenIDConnectProviderArn, (provider) => ({
      ...provider,
      tags: withoutTags(provider.tags, TagKeys),
    })),
});

export const listOpenIdConnectProviderTags = defineOperation<
  ListOpenIDConnectProviderTagsRequest,
  ListOpenIDConnectProviderTagsResponse
>({
  name: 'ListOpenIDConnectProviderTags',
  access: onProvider('iam:ListOpenIDConnectProviderTags'),
  handle(call, input) {
    const tags = tagListOf(providerNamed(call, input.OpenIDConnectProviderArn).tags);
    const { items, ...page } = pageOf(tags, ({ Key = '' }) => Key, input);
    return { Tags: items, ...page };
  },
});
