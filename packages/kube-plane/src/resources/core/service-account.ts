// ServiceAccount and its token subresource.
import { tokenRequest } from '../../authn/token-request.ts';
import { defineResource } from '../define.ts';

export const serviceAccounts = defineResource({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  subresources: {
    token: {
      group: 'authentication.k8s.io',
      version: 'v1',
      kind: 'TokenRequest',
      handlers: { create: tokenRequest },
    },
  },
});
