// How server-side apply sees the lists and maps of the built-in kinds (upstream: the +listType, +listMapKey,
// +mapType and +structType markers of k8s.io/api). A list that is not named here is atomic, a map is granular.

const core = 'io.k8s.api.core.v1';
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const container = {
  env: 'name',
  ports: 'containerPort,protocol',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
};
const conditions = { conditions: 'type' };

/** Definition to field to the keys of its associative list (comma separated). */
export const listMapKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [`${core}.Container`]: container,
  [`${core}.EphemeralContainer`]: container,
  [`${core}.ResourceRequirements`]: { claims: 'name' },
  [`${core}.ContainerStatus`]: { volumeMounts: 'mountPath', allocatedResourcesStatus: 'name' },
  [`${core}.ComponentStatus`]: conditions,
  [`${core}.NamespaceStatus`]: conditions,
  [`${core}.NodeStatus`]: { ...conditions, addresses: 'type' },
  [`${core}.PersistentVolumeClaimStatus`]: conditions,
  [`${core}.ReplicationControllerStatus`]: conditions,
  [`${core}.ServiceStatus`]: conditions,
  [`${core}.ServiceSpec`]: { ports: 'port,protocol' },
  [`${core}.ServiceAccount`]: { secrets: 'name' },
  [`${core}.PodSpec`]: {
    containers: 'name',
    initContainers: 'name',
    ephemeralContainers: 'name',
    hostAliases: 'ip',
    imagePullSecrets: 'name',
    resourceClaims: 'name',
    schedulingGates: 'name',
    topologySpreadConstraints: 'topologyKey,whenUnsatisfiable',
    volumes: 'name',
  },
  [`${core}.PodStatus`]: { ...conditions, podIPs: 'ip', resourceClaimStatuses: 'name' },
  [`${meta}.ObjectMeta`]: { ownerReferences: 'uid' },
  'io.k8s.api.apps.v1.DaemonSetStatus': conditions,
  'io.k8s.api.apps.v1.DeploymentStatus': conditions,
  'io.k8s.api.apps.v1.ReplicaSetStatus': conditions,
  'io.k8s.api.apps.v1.StatefulSetStatus': conditions,
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus': conditions,
  'io.k8s.api.certificates.v1.CertificateSigningRequestStatus': conditions,
  'io.k8s.api.policy.v1.PodDisruptionBudgetStatus': conditions,
  'io.k8s.api.networking.v1.ServiceCIDRStatus': conditions,
  'io.k8s.api.storage.v1.CSINodeSpec': { drivers: 'name' },
  'io.k8s.api.admissionregistration.v1.MutatingWebhook': { matchConditions: 'name' },
  'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration': { webhooks: 'name' },
  'io.k8s.api.admissionregistration.v1.ValidatingWebhook': { matchConditions: 'name' },
  'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration': { webhooks: 'name' },
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec': {
    matchConditions: 'name',
    variables: 'name',
  },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus': conditions,
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps': {
    'x-kubernetes-validations': 'rule',
  },
};

/** Definition to the fields that are sets of scalars. */
export const listSets: Readonly<Record<string, readonly string[]>> = {
  [`${meta}.ObjectMeta`]: ['finalizers'],
  [`${core}.NodeSpec`]: ['podCIDRs'],
  'io.k8s.api.batch.v1.UncountedTerminatedPods': ['failed', 'succeeded'],
  'io.k8s.api.discovery.v1.Endpoint': ['addresses'],
};

/** Definitions that are replaced as a whole wherever they stand. */
export const atomicStructs: readonly string[] = [
  `${meta}.LabelSelector`,
  `${meta}.OwnerReference`,
  `${core}.ConfigMapKeySelector`,
  `${core}.EndpointAddress`,
  `${core}.EndpointPort`,
  `${core}.FileKeySelector`,
  `${core}.LocalObjectReference`,
  `${core}.NodeSelector`,
  `${core}.NodeSelectorTerm`,
  `${core}.ObjectFieldSelector`,
  `${core}.ObjectReference`,
  `${core}.ResourceFieldSelector`,
  `${core}.ScopeSelector`,
  `${core}.ScopedResourceSelectorRequirement`,
  `${core}.SecretKeySelector`,
  `${core}.SecretReference`,
  `${core}.TopologySelectorTerm`,
  `${core}.TypedLocalObjectReference`,
  'io.k8s.api.autoscaling.v1.CrossVersionObjectReference',
  'io.k8s.api.discovery.v1.EndpointPort',
  'io.k8s.api.networking.v1.ServiceBackendPort',
  'io.k8s.api.rbac.v1.RoleRef',
  'io.k8s.api.rbac.v1.Subject',
];

/** Definition to the fields whose map type differs from that of their definition. */
export const mapTypes: Readonly<Record<string, Readonly<Record<string, 'atomic' | 'granular'>>>> = {
  [`${core}.PodSpec`]: { nodeSelector: 'atomic' },
  [`${core}.ServiceSpec`]: { selector: 'atomic' },
  [`${core}.ReplicationControllerSpec`]: { selector: 'atomic' },
  [`${core}.PersistentVolumeSpec`]: { claimRef: 'granular' },
};

/** Defaults that decide the identity of a list item, and so must be known to server-side apply. */
export const keyDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  [`${core}.ContainerPort`]: { protocol: 'TCP' },
  [`${core}.ServicePort`]: { protocol: 'TCP' },
};
