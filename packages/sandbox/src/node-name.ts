// The cluster's one node, named as AWS names instances.
import type { ClusterIdentity } from './identity.ts';

/** `ip-10-0-0-10.ec2.internal` in us-east-1, `ip-10-0-0-10.REGION.compute.internal` elsewhere. */
export function nodeNameOf(identity: Pick<ClusterIdentity, 'region'>): string {
  const suffix = identity.region === 'us-east-1' ? 'ec2.internal' : `${identity.region}.compute.internal`;
  return `ip-10-0-0-10.${suffix}`;
}
