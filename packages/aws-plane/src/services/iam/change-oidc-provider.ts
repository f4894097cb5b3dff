// Client ids and thumbprints of OIDC providers.
import type {
  AddClientIDToOpenIDConnectProviderRequest,
  RemoveClientIDFromOpenIDConnectProviderRequest,
  UpdateOpenIDConnectProviderThumbprintRequest,
} from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import {
  changeProvider,
  checkClientIds,
  checkThumbprints,
  onProvider,
  thumbprintsOf,
} from './oidc-providers.ts';

/** Adding an id again is no error. */
export const addClientIdToOpenIdConnectProvider = defineOperation<
  AddClientIDToOpenIDConnectProviderRequest,
  object
>({
  name: 'AddClientIDToOpenIDConnectProvider',
  access: onProvider('iam:AddClientIDToOpenIDConnectProvider'),
  handle: (call, { OpenIDConnectProviderArn, ClientID = '' }) =>
    changeProvider(call, OpenIDConnectProviderArn, (provider) => {
      const clientIds = [...new Set([...provider.clientIds, ClientID])];
      checkClientIds(clientIds);
      return { ...provider, clientIds };
    }),
});

/** Removing an id that is not there is no error. */
export const removeClientIdFromOpenIdConnectProvider = defineOperation<
  RemoveClientIDFromOpenIDConnectProviderRequest,
  object
>({
  name: 'RemoveClientIDFromOpenIDConnectProvider',
  access: onProvider('iam:RemoveClientIDFromOpenIDConnectProvider'),
  handle: (call, { OpenIDConnectProviderArn, ClientID }) =>
    changeProvider(call, OpenIDConnectProviderArn, (provider) => ({
      ...provider,
      clientIds: provider.clientIds.filter((each) => each !== ClientID),
    })),
});

export const updateOpenIdConnectProviderThumbprint = defineOperation<
  UpdateOpenIDConnectProviderThumbprintRequest,
  object
>({
  name: 'UpdateOpenIDConnectProviderThumbprint',
  access: onProvider('iam:UpdateOpenIDConnectProviderThumbprint'),
  validate: ({ ThumbprintList = [] }) => checkThumbprints(ThumbprintList),
  handle: (call, { OpenIDConnectProviderArn, ThumbprintList }) =>
    changeProvider(call, OpenIDConnectProviderArn, (provider) => ({
      ...provider,
      thumbprints: thumbprintsOf(ThumbprintList),
    })),
});
