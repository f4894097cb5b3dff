// The resource types that ACK's controllers share.
import type { ResourceType } from '@pergola/kube-client';

const shared = { group: 'services.k8s.aws', version: 'v1alpha1' } as const;

export const fieldExports: ResourceType = {
  ...shared,
  plural: 'fieldexports',
  kind: 'FieldExport',
  namespaced: true,
};

export const roleSelectors: ResourceType = {
  ...shared,
  plural: 'iamroleselectors',
  kind: 'IAMRoleSelector',
  namespaced: false,
};
