// The config.openshift.io objects that describe the cluster; one of each, made at the first start.
import type { Plane } from '../contract.ts';
import type { KubeObject } from '../object.ts';

const CONFIG = 'config.openshift.io/v1';

export function singletonObjects(plane: Plane): KubeObject[] {
  return [infrastructure(plane), authentication(plane), clusterVersion(plane)];
}

function infrastructure({ cluster, url }: Plane): KubeObject {
  const topology = cluster.topology === 'hcp' ? 'External' : 'HighlyAvailable';
  return {
    apiVersion: CONFIG,
    kind: 'Infrastructure',
    metadata: { name: 'cluster' },
    spec: { cloudConfig: { name: '' }, platformSpec: { type: 'AWS', aws: {} } },
    status: {
      infrastructureName: cluster.infrastructureName,
      platform: 'AWS',
      platformStatus: {
        type: 'AWS',
        aws: { region: cluster.region, resourceTags: [{ key: 'red-hat-clustertype', value: 'rosa' }] },
      },
      apiServerURL: url(),
      apiServerInternalURI: url(),
      controlPlaneTopology: topology,
      infrastructureTopology: 'SingleReplica',
      cpuPartitioning: 'None',
    },
  };
}

function authentication({ tokens }: Plane): KubeObject {
  return {
    apiVersion: CONFIG,
    kind: 'Authentication',
    metadata: { name: 'cluster' },
    spec: {
      type: '',
      serviceAccountIssuer: tokens.issuer,
      oauthMetadata: { name: '' },
      webhookTokenAuthenticator: null,
    },
    status: { integratedOAuthMetadata: { name: 'oauth-openshift' } },
  };
}

/** The release is taken as installed since the sandbox's own beginning of time, so that a restart changes nothing. */
const INSTALLED = '2024-01-01T00:00:00Z';

function clusterVersion({ cluster }: Plane): KubeObject {
  const condition = (type: string, status: string, message: string) => ({
    type,
    status,
    message,
    lastTransitionTime: INSTALLED,
  });
  return {
    apiVersion: CONFIG,
    kind: 'ClusterVersion',
    metadata: { name: 'version' },
    spec: { clusterID: cluster.id, channel: `stable-${cluster.version.split('.').slice(0, 2).join('.')}` },
    status: {
      desired: { version: cluster.version, image: '' },
      observedGeneration: 1,
      versionHash: '',
      history: [
        {
          state: 'Completed',
          version: cluster.version,
          image: '',
          startedTime: INSTALLED,
          completionTime: INSTALLED,
          verified: false,
        },
      ],
      conditions: [
        condition('Available', 'True', `Done applying ${cluster.version}`),
        condition('Progressing', 'False', `Cluster version is ${cluster.version}`),
        condition('Failing', 'False', ''),
      ],
      availableUpdates: null,
    },
  };
}
