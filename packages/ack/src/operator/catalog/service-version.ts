// The ClusterServiceVersion of the ACK operator: what a cluster's lifecycle manager needs to run it.
import type { KubeResource } from '@pergola/kube-client';
import { sharedDefinitions } from '../../crds/shared-definitions.ts';
import type { KindName } from '../../kinds/index.ts';
import { operatorRules } from './permissions.ts';

export const pergolaImage = 'quay.io/pergola/pergola:0.1.0';
export const packageVersion = '0.1.0';

/** One package: the name of its Deployment and ServiceAccount, and what it serves. */
export interface PackageFacts {
  /** `ack` for all services, `ack-rds-controller` for one. */
  readonly name: string;
  readonly displayName: string;
  /** `rds`; undefined: all of them. */
  readonly service: string | undefined;
  readonly kinds: readonly KindName[];
}

const description = `Makes AWS resources from custom resources, as AWS Controllers for Kubernetes does, with its own custom
resource definitions. Pergola's operator serves all services in one process, watches Secrets, references and namespaces,
shows and mends drift, and keeps databases when their resources are deleted unless it is told otherwise.

Give its ServiceAccount a role with the annotation \`eks.amazonaws.com/role-arn\`, or put keys into the Secret
\`ack-<service>-user-secrets\`.`;

export function serviceVersionOf(facts: PackageFacts): KubeResource {
  const { name, displayName, kinds } = facts;
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'ClusterServiceVersion',
    metadata: {
      name: `${name}.v${packageVersion}`,
      annotations: {
        capabilities: 'Seamless Upgrades',
        categories: 'Cloud Provider',
        containerImage: pergolaImage,
        'operatorframework.io/suggested-namespace': 'ack-system',
        support: 'Pergola',
      },
    },
    spec: {
      displayName,
      description,
      keywords: ['aws', 'ack', ...(facts.service === undefined ? [] : [facts.service])],
      maturity: 'alpha',
      provider: { name: 'Pergola' },
      version: packageVersion,
      minKubeVersion: '1.27.0',
      installModes: [
        { type: 'OwnNamespace', supported: true },
        { type: 'SingleNamespace', supported: true },
        { type: 'MultiNamespace', supported: true },
        { type: 'AllNamespaces', supported: true },
      ],
      customresourcedefinitions: { owned: [...kinds, ...sharedDefinitions.map(nameOf)].map(owned) },
      install: {
        strategy: 'deployment',
        spec: {
          clusterPermissions: [{ serviceAccountName: serviceAccountOf(name), rules: operatorRules(kinds) }],
          deployments: [{ name: serviceAccountOf(name), spec: deploymentOf(facts) }],
        },
      },
    },
  };
}

/** ACK's controllers have ServiceAccounts of their own names; ours of all services is called as they are. */
function serviceAccountOf(name: string): string {
  return name === 'ack' ? 'ack-controller' : name;
}

type OwnedName = Omit<KindName, 'references'>;

function nameOf({ spec }: KubeResource): OwnedName {
  const { group, names, versions } = spec;
  return { group, version: versions[0].name, kind: names.kind, plural: names.plural };
}

function owned({ group, version, kind, plural }: OwnedName): object {
  return {
    name: `${plural}.${group}`,
    kind,
    version,
    displayName: kind,
    description: `${kind} of ${group}`,
  };
}

function deploymentOf({ name, service }: PackageFacts): object {
  const labels = { 'app.kubernetes.io/name': serviceAccountOf(name) };
  const user = service === undefined ? 'ack' : `ack-${service}`;
  const probe = (path: string, periodSeconds: number) => ({ httpGet: { path, port: 8080 }, periodSeconds });
  return {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: serviceAccountOf(name),
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'controller',
            image: pergolaImage,
            imagePullPolicy: 'IfNotPresent',
            args: ['operator', 'ack', ...(service === undefined ? [] : ['--services', service])],
            // The names by which ACK's documentation has a person configure its controllers.
            envFrom: [
              { configMapRef: { name: `${user}-user-config`, optional: true } },
              { secretRef: { name: `${user}-user-secrets`, optional: true } },
            ],
            env: [
              {
                name: 'WATCH_NAMESPACE',
                valueFrom: { fieldRef: { fieldPath: "metadata.annotations['olm.targetNamespaces']" } },
              },
              { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              { name: 'ACK_SYSTEM_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
              // Not on every address: several operators may share a node's network.
              { name: 'METRICS_HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            ],
            ports: [{ name: 'http', containerPort: 8080 }],
            livenessProbe: probe('/healthz', 10),
            readinessProbe: probe('/readyz', 1),
            resources: { requests: { cpu: '10m', memory: '128Mi' } },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    },
  };
}
