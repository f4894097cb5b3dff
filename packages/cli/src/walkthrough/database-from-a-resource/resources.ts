// The kinds of ACK that the steps use, and waiting for one to be as it was asked for.
import type { KubeClient, KubeResource, ResourceType } from '@pergola/kube-client';
import { conditionOf, renderCondition } from '../condition.ts';
import { until } from '../until.ts';

function ackKind(service: string, plural: string, kind: string): ResourceType {
  const group = service === '' ? 'services.k8s.aws' : `${service}.services.k8s.aws`;
  return { group, version: 'v1alpha1', plural, kind, namespaced: true };
}

export const ackKinds = {
  dbInstances: ackKind('rds', 'dbinstances', 'DBInstance'),
  buckets: ackKind('s3', 'buckets', 'Bucket'),
  tables: ackKind('dynamodb', 'tables', 'Table'),
  replicationGroups: ackKind('elasticache', 'replicationgroups', 'ReplicationGroup'),
  roles: ackKind('iam', 'roles', 'Role'),
  logGroups: ackKind('cloudwatchlogs', 'loggroups', 'LogGroup'),
  fieldExports: ackKind('', 'fieldexports', 'FieldExport'),
} as const;

export const definitions = Object.values(ackKinds).map(({ plural, group }) => `${plural}.${group}`);

interface Named {
  readonly name: string;
  readonly namespace: string;
}

/** The resource once it is synced in its present generation and `holds`, which says what is not yet so. */
export function synced(
  kube: KubeClient,
  type: ResourceType,
  ref: Named,
  holds: (object: KubeResource) => string | undefined = () => undefined,
): Promise<KubeResource> {
  const what = `${type.kind} ${ref.name} is not synced`;
  return until({ what, timeoutMs: 60_000 }, async () => {
    const object = await kube.find(type, ref);
    if (!object) return 'it is gone';
    const condition = conditionOf(object, 'ACK.ResourceSynced');
    if (condition?.status !== 'True') return told(object);
    return holds(object) ?? object;
  });
}

/** What the conditions say about a resource that is not as it was asked for. */
export function told(object: KubeResource): string {
  const speaking = ['ACK.Terminal', 'ACK.Recoverable', 'ACK.ResourceSynced']
    .map((type) => conditionOf(object, type))
    .find((condition) => condition !== undefined && (condition.message ?? '') !== '');
  return renderCondition(speaking ?? conditionOf(object, 'ACK.ResourceSynced'));
}
