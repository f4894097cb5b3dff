// What a reconciliation, or a plan, reads of the cluster besides the resource itself.
import type { KubeResource, ObjectRef } from '@pergola/kube-client';
import type { ReferenceField } from '../../kind/kind.ts';

export interface Lookup {
  namespace(name: string): Promise<KubeResource | undefined>;
  /** Of the controller's own namespace, where the account map lies. */
  configMap(name: string): Promise<KubeResource | undefined>;
  /** All IAMRoleSelectors. */
  roleSelectors(): Promise<readonly KubeResource[]>;
  /** What a reference names. */
  target(field: ReferenceField, ref: ObjectRef): Promise<KubeResource | undefined>;
  /** With its data. */
  secret(ref: ObjectRef): Promise<KubeResource | undefined>;
}

/** Names of what a resource depends on: when one of them changes, it is reconciled. */
export const dependency = {
  namespace: (name: string) => `namespace/${name}`,
  secret: (ref: ObjectRef) => `secret/${ref.namespace ?? ''}/${ref.name}`,
  target: (group: string, kind: string, ref: ObjectRef) =>
    `${kind}.${group}/${ref.namespace ?? ''}/${ref.name}`,
  configMap: (name: string) => `configmap/${name}`,
  roleSelectors: 'iamroleselectors',
} as const;
