// Service: a cluster IP of its own from the service network, and defaults for its ports.
import type { Plane } from '../../contract.ts';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { defineResource } from '../define.ts';

interface ServicePort {
  name?: string;
  protocol?: string;
  port?: number;
  targetPort?: number | string;
}

interface ServiceSpec {
  type?: string;
  clusterIP?: string;
  clusterIPs?: string[];
  ipFamilies?: string[];
  ipFamilyPolicy?: string;
  sessionAffinity?: string;
  internalTrafficPolicy?: string;
  ports?: ServicePort[];
  externalName?: string;
}

/** ROSA's default service network is 172.30.0.0/16; .1 is the API's own. */
const NETWORK = '172.30';
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export const services = defineResource({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  strategy: {
    nameRule: 'dns1035',
    applyDefaults(object) {
      const spec = specOf(object);
      spec.type ??= 'ClusterIP';
      spec.sessionAffinity ??= 'None';
      for (const port of spec.ports ?? []) {
        port.protocol ??= 'TCP';
        port.targetPort ??= port.port ?? 0;
      }
      if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
    },
    prepareForCreate(object, { plane }) {
      object['status'] = { loadBalancer: {} };
      allocate(specOf(object), plane);
    },
    prepareForUpdate(object, previous) {
      const spec = specOf(object);
      const before = specOf(previous);
      spec.clusterIP ??= before.clusterIP ?? '';
      spec.clusterIPs ??= before.clusterIPs ?? [];
      spec.ipFamilies ??= before.ipFamilies ?? ['IPv4'];
      spec.ipFamilyPolicy ??= before.ipFamilyPolicy ?? 'SingleStack';
    },
    validate: (object) => serviceFaults(specOf(object)),
    validateUpdate: (object, previous) => {
      const [ip, before] = [specOf(object).clusterIP, specOf(previous).clusterIP];
      const changed = ip !== before && before !== undefined && before !== '';
      return changed && specOf(object).type !== 'ExternalName'
        ? [fieldFaults.invalid('spec.clusterIPs[0]', [ip], 'may not change once set')]
        : [];
    },
  },
});

function specOf(object: KubeObject): ServiceSpec {
  object['spec'] ??= {};
  return object['spec'] as ServiceSpec;
}

function allocate(spec: ServiceSpec, plane: Plane): void {
  if (spec.type === 'ExternalName') return;
  if (spec.clusterIP === undefined || spec.clusterIP === '') spec.clusterIP = freeAddress(plane);
  spec.clusterIPs = [spec.clusterIP];
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
}

/** Drawn, and drawn again while another service has it. */
function freeAddress(plane: Plane): string {
  const taken = new Set(
    plane.store.list('kube/core/services/').map((entry) => specOf(JSON.parse(entry.value)).clusterIP),
  );
  for (;;) {
    const [third = 0, fourth = 0] = plane.random.bytes(2);
    const address = `${NETWORK}.${third}.${fourth}`;
    const reserved = third === 0 && fourth < 11;
    if (!reserved && !taken.has(address)) return address;
  }
}

function serviceFaults(spec: ServiceSpec): FieldFault[] {
  const errors: FieldFault[] = [];
  if (!TYPES.includes(spec.type ?? '')) errors.push(fieldFaults.unsupported('spec.type', spec.type, TYPES));
  const ports = spec.ports ?? [];
  if (ports.length === 0 && spec.clusterIP !== 'None' && spec.type !== 'ExternalName') {
    errors.push(fieldFaults.required('spec.ports'));
  }
  ports.forEach((port, index) => {
    if (ports.length > 1 && !port.name) errors.push(fieldFaults.required(`spec.ports[${index}].name`));
    const number = port.port ?? 0;
    if (!Number.isInteger(number) || number < 1 || number > 65_535) {
      errors.push(
        fieldFaults.invalid(`spec.ports[${index}].port`, number, 'must be between 1 and 65535, inclusive'),
      );
    }
  });
  return errors;
}
