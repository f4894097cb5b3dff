// The ClusterServiceVersion of the logging operator: what a cluster's lifecycle manager needs to run it.
import type { KubeResource } from '@pergola/kube-client';
import { loggingCrds } from './crds/index.ts';
import { operatorRules } from './permissions.ts';

export const pergolaImage = 'quay.io/pergola/pergola:0.1.0';
const name = 'cluster-logging-operator';

const description = `Collects the logs of containers, nodes and APIs and forwards them to Amazon CloudWatch Logs.

Every channel brings the same operator, Pergola's. It serves the API groups \`logging.openshift.io\` (the forwarders of
logging 5) and \`observability.openshift.io\` (those of logging 6) side by side, runs one kind of collector for both, and says
in a forwarder's status whether its logs arrive.`;

/** The ClusterServiceVersion of this release, which takes the place of `replaced`. */
export function loggingServiceVersion(version: string, replaced: string | undefined): KubeResource {
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'ClusterServiceVersion',
    metadata: {
      name: `cluster-logging.v${version}`,
      annotations: {
        capabilities: 'Seamless Upgrades',
        categories: 'OpenShift Optional, Logging & Tracing, Observability',
        containerImage: pergolaImage,
        'operatorframework.io/suggested-namespace': 'openshift-logging',
        support: 'Pergola',
      },
    },
    spec: {
      displayName: 'Red Hat OpenShift Logging',
      description,
      keywords: ['cloudwatch', 'logging', 'observability'],
      maturity: 'stable',
      provider: { name: 'Pergola' },
      version,
      minKubeVersion: '1.27.0',
      ...(replaced === undefined ? {} : { replaces: `cluster-logging.v${replaced}` }),
      installModes: [
        { type: 'OwnNamespace', supported: true },
        { type: 'SingleNamespace', supported: true },
        { type: 'MultiNamespace', supported: false },
        { type: 'AllNamespaces', supported: true },
      ],
      customresourcedefinitions: { owned: loggingCrds.map(ownedDefinition) },
      install: {
        strategy: 'deployment',
        spec: {
          clusterPermissions: [{ serviceAccountName: name, rules: operatorRules }],
          deployments: [{ name, label: { name }, spec: operatorDeployment }],
        },
      },
    },
  };
}

function ownedDefinition({ metadata, spec }: KubeResource): object {
  const { group, names } = spec;
  const legacy = group === 'logging.openshift.io';
  return {
    name: metadata.name,
    kind: names.kind,
    version: 'v1',
    displayName: legacy ? `${names.kind} (logging 5)` : names.kind,
    description: spec.versions[0].schema.openAPIV3Schema.description,
  };
}

const operatorDeployment = {
  replicas: 1,
  selector: { matchLabels: { name } },
  template: {
    metadata: {
      labels: { name },
      annotations: { 'target.workload.openshift.io/management': '{"effect": "PreferredDuringScheduling"}' },
    },
    spec: {
      serviceAccountName: name,
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name,
          image: pergolaImage,
          imagePullPolicy: 'IfNotPresent',
          args: ['operator', 'logging'],
          env: [
            {
              name: 'WATCH_NAMESPACE',
              valueFrom: { fieldRef: { fieldPath: "metadata.annotations['olm.targetNamespaces']" } },
            },
            { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'OPERATOR_NAME', value: name },
            { name: 'RELATED_IMAGE_COLLECTOR', value: pergolaImage },
          ],
          resources: { requests: { cpu: '10m', memory: '96Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  },
};
