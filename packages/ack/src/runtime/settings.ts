// What annotations of a resource and of its namespace say about how it is to be treated.
import type { KubeResource } from '@pergola/kube-client';
import type { Kind } from '../kind/kind.ts';
import { TerminalFault } from './faults.ts';
import { namespaceAnnotations, resourceAnnotations, serviceAnnotation } from './names.ts';

export type DeletionPolicy = 'delete' | 'retain';

/** What holds where no annotation says otherwise. */
export interface Defaults {
  readonly region: string;
  /** Absent: delete, but retain for kinds whose deletion loses data. */
  readonly deletionPolicy?: DeletionPolicy | undefined;
}

export interface Settings {
  readonly region: string;
  /** Of the namespace; absent: the controller's own. */
  readonly account: string | undefined;
  readonly team: string | undefined;
  readonly endpoint: string | undefined;
  readonly deletionPolicy: DeletionPolicy;
  /** The resource itself carries the policy: its data may go. */
  readonly deletionIsExplicit: boolean;
  readonly isReadOnly: boolean;
  readonly isPaused: boolean;
  readonly adoption: 'adopt' | 'adopt-or-create' | undefined;
  readonly driftPolicy: 'mend' | 'report';
  readonly mayReplace: boolean;
}

type Annotations = Readonly<Record<string, string>>;

/** Throws TerminalFault for a value that means nothing. */
export function settingsOf(
  kind: Kind,
  object: KubeResource,
  namespace: KubeResource | undefined,
  defaults: Defaults,
): Settings {
  const own = object.metadata.annotations ?? {};
  const shared = namespace?.metadata.annotations ?? {};
  const explicit = oneOf(own, resourceAnnotations.deletionPolicy, ['delete', 'retain']);
  const ofNamespace = oneOf(shared, serviceAnnotation(kind, 'deletion-policy'), ['delete', 'retain']);
  const byNature = kind.isStateful ? 'retain' : 'delete';
  return {
    region: own[resourceAnnotations.region] ?? shared[namespaceAnnotations.defaultRegion] ?? defaults.region,
    account: shared[namespaceAnnotations.ownerAccount],
    team: shared[namespaceAnnotations.team],
    endpoint: shared[namespaceAnnotations.endpointUrl],
    deletionPolicy: explicit ?? ofNamespace ?? defaults.deletionPolicy ?? byNature,
    deletionIsExplicit: explicit === 'delete',
    isReadOnly: isTrue(own, resourceAnnotations.readOnly),
    isPaused: isTrue(own, resourceAnnotations.pause),
    adoption: oneOf(own, resourceAnnotations.adoptionPolicy, ['adopt', 'adopt-or-create']),
    driftPolicy: oneOf(own, resourceAnnotations.driftPolicy, ['mend', 'report']) ?? 'mend',
    mayReplace:
      oneOf(own, resourceAnnotations.replacePolicy, ['delete-and-create', 'refuse']) === 'delete-and-create',
  };
}

function oneOf<T extends string>(
  annotations: Annotations,
  name: string,
  values: readonly T[],
): T | undefined {
  const text = annotations[name];
  if (text === undefined) return undefined;
  const value = values.find((each) => each === text);
  if (value !== undefined) return value;
  throw new TerminalFault(`annotation ${name} is '${text}': it must be ${values.join(' or ')}`);
}

function isTrue(annotations: Annotations, name: string): boolean {
  return annotations[name]?.toLowerCase() === 'true';
}
