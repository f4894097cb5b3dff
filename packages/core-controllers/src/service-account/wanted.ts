// What every namespace of an OpenShift cluster holds from the start.
import type { KubeResource } from '@pergola/kube-client';

/** `builder` and `deployer` are OpenShift's; `default` is what pods run as. */
export const accountNames = ['default', 'builder', 'deployer'] as const;

export const rootCaName = 'kube-root-ca.crt';
export const serviceCaName = 'openshift-service-ca.crt';

const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** The CA bundles, PEM. */
export interface CaBundles {
  readonly rootCa: string;
  readonly serviceCa: string;
}

export function serviceAccount(namespace: string, name: string): KubeResource {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
}

/** The two ConfigMaps that publish the cluster's CAs to pods. */
export function caConfigMaps(namespace: string, { rootCa, serviceCa }: CaBundles): KubeResource[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: rootCaName, namespace, annotations: { 'kubernetes.io/description': description } },
      data: { 'ca.crt': rootCa },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: serviceCaName,
        namespace,
        annotations: { 'service.beta.openshift.io/inject-cabundle': 'true' },
      },
      data: { 'service-ca.crt': serviceCa },
    },
  ];
}
