// The annotations, finalizers and condition types of ACK, and those that Pergola adds.
import type { KubeResource, ResourceType } from '@pergola/kube-client';
import type { Kind } from '../kind/kind.ts';

/** Read from the resource itself. */
export const resourceAnnotations = {
  adoptionPolicy: 'services.k8s.aws/adoption-policy',
  adoptionFields: 'services.k8s.aws/adoption-fields',
  adopted: 'services.k8s.aws/adopted',
  readOnly: 'services.k8s.aws/read-only',
  deletionPolicy: 'services.k8s.aws/deletion-policy',
  region: 'services.k8s.aws/region',
  /** Ours: `"true"` leaves the resource alone until it is taken away. */
  pause: 'services.k8s.aws/pause',
  /** Ours: any new value makes the controller look at AWS at once. */
  syncRequestedAt: 'services.k8s.aws/sync-requested-at',
  /** Ours: `mend` (the default) or `report`. */
  driftPolicy: 'services.k8s.aws/drift-policy',
  /** Ours: `delete-and-create` lets a change of an immutable field make the resource anew. */
  replacePolicy: 'services.k8s.aws/replace-policy',
} as const;

/** Read from the namespace. `<service>.services.k8s.aws/deletion-policy` is made by `serviceAnnotation`. */
export const namespaceAnnotations = {
  defaultRegion: 'services.k8s.aws/default-region',
  ownerAccount: 'services.k8s.aws/owner-account-id',
  team: 'services.k8s.aws/team-id',
  endpointUrl: 'services.k8s.aws/endpoint-url',
} as const;

/** Written by the controller to remember what it did; their change never starts a reconciliation. */
export const ownAnnotations = {
  /** Which version of which Secret was last given to AWS, by the field's path. No text of a secret. */
  appliedSecrets: 'services.k8s.aws/applied-secrets',
  /** The generation that AWS last had, kept where drift is only reported. */
  appliedGeneration: 'services.k8s.aws/applied-generation',
} as const;

/** `rds.services.k8s.aws/deletion-policy` */
export function serviceAnnotation(kind: Kind, name: string): string {
  return `${kind.group}/${name}`;
}

/** `rds`, as ACK calls the service: the first part of the group. */
export function serviceOf(kind: Pick<Kind, 'group'>): string {
  return kind.group.split('.', 1)[0] ?? kind.group;
}

export function finalizerOf(kind: Kind): string {
  return `finalizers.${kind.group}/${kind.kind}`;
}

/** The finalizers of `object` with ours. */
export function finalizerIn(kind: Kind, object: KubeResource): readonly string[] {
  return [...new Set([...(object.metadata.finalizers ?? []), finalizerOf(kind)])];
}

export function typeOf(kind: Kind): ResourceType {
  const { group, version, plural } = kind;
  return { group, version, plural, kind: kind.kind, namespaced: true };
}

/** Fields of a status that AWS moves on by itself all the time: alone they are not worth a write. */
export const restlessFields: readonly string[] = ['latestRestorableTime', 'roleLastUsed', 'passwordLastUsed'];

export const conditionTypes = {
  synced: 'ACK.ResourceSynced',
  ready: 'Ready',
  terminal: 'ACK.Terminal',
  recoverable: 'ACK.Recoverable',
  advisory: 'ACK.Advisory',
  lateInitialized: 'ACK.LateInitialized',
  referencesResolved: 'ACK.ReferencesResolved',
  roleSelected: 'ACK.IAMRoleSelected',
  adopted: 'ACK.Adopted',
  /** Ours: AWS has something else than was applied. */
  drifted: 'Pergola.Drifted',
} as const;

/** The texts of ACK's conditions. */
export const messages = {
  synced: 'Resource synced successfully',
  notSynced: 'Resource not synced',
  unknown: 'Unable to determine if desired resource state matches latest observed state',
  referencesFailed: 'Reference resolution failed',
  roleUnavailable: 'IAM Role is not available',
  notManaged: 'Resource already exists',
  notManagedReason:
    'This resource already exists but is not managed by ACK. To bring the resource under ACK management, you should ' +
    'explicitly adopt the resource by populating the `services.k8s.aws/adoption-policy` and ' +
    '`services.k8s.aws/adoption-fields` annotations.',
} as const;
