// Pod: defaults, essentials of validation, graceful deletion, and the subresources that reach into running pods.
import { isRecord } from '@pergola/kernel';
import { faults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { attach, exec, log, portForward } from '../../tunnel/pod-streams.ts';
import { defineResource } from '../define.ts';
import { applyPodSpecDefaults, records, requestLimits } from './pod-defaults.ts';
import { binding } from './pod-binding.ts';
import { ephemeralContainers } from './pod-ephemeral-containers.ts';
import { eviction } from './pod-eviction.ts';
import { ephemeralFaults, podSpecFaults, podUpdateFaults } from './pod-faults.ts';
import { qosClass } from './pod-qos.ts';

export const pods = defineResource({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  deleteReturnsObject: true,
  subresources: {
    log: { kind: 'Pod', handlers: { get: log } },
    exec: { kind: 'PodExecOptions', handlers: { get: exec, create: exec } },
    attach: { kind: 'PodAttachOptions', handlers: { get: attach, create: attach } },
    portforward: { kind: 'PodPortForwardOptions', handlers: { get: portForward, create: portForward } },
    binding: { kind: 'Binding', handlers: { create: binding } },
    eviction: { group: 'policy', version: 'v1', kind: 'Eviction', handlers: { create: eviction } },
    ephemeralcontainers: ephemeralContainers,
  },
  strategy: {
    applyDefaults(object) {
      const spec = specOf(object);
      applyPodSpecDefaults(spec);
      requestLimits(spec);
      spec['enableServiceLinks'] ??= true;
    },
    prepareForCreate(object) {
      const errors = ephemeralFaults(object, undefined);
      if (errors.length > 0) throw faults.invalid({ group: '', kind: 'Pod' }, object.metadata.name, errors);
      object['status'] = { phase: 'Pending', qosClass: qosClass(specOf(object)) };
      specOf(object)['preemptionPolicy'] ??= 'PreemptLowerPriority';
      specOf(object)['priority'] ??= 0;
      addDefaultTolerations(specOf(object));
    },
    validate: (object) => podSpecFaults(specOf(object), 'spec'),
    validateUpdate: podUpdateFaults,
    graceSeconds(object, wanted) {
      const spec = specOf(object);
      const phase = statusOf(object)['phase'];
      // Nothing runs yet, or nothing any more.
      if (!spec['nodeName'] || phase === 'Succeeded' || phase === 'Failed') return 0;
      return wanted ?? Number(spec['terminationGracePeriodSeconds'] ?? 30);
    },
    fieldValues(object) {
      const spec = specOf(object);
      const status = statusOf(object);
      return {
        'spec.nodeName': String(spec['nodeName'] ?? ''),
        'spec.restartPolicy': String(spec['restartPolicy'] ?? ''),
        'spec.schedulerName': String(spec['schedulerName'] ?? ''),
        'spec.serviceAccountName': String(spec['serviceAccountName'] ?? ''),
        'spec.hostNetwork': String(spec['hostNetwork'] ?? false),
        'status.phase': String(status['phase'] ?? ''),
        'status.podIP': String(status['podIP'] ?? ''),
        'status.nominatedNodeName': String(status['nominatedNodeName'] ?? ''),
      };
    },
  },
});

/** As the DefaultTolerationSeconds admission adds them. */
const DEFAULT_TOLERATIONS = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/** Unless the pod says itself how long it tolerates the condition. */
function addDefaultTolerations(spec: Record<string, unknown>): void {
  const given = records(spec['tolerations']);
  const tolerates = (key: string) =>
    given.some(({ key: own, effect }) => (own ?? key) === key && (effect ?? 'NoExecute') === 'NoExecute');
  const missing = DEFAULT_TOLERATIONS.filter(({ key }) => !tolerates(key));
  if (missing.length > 0) spec['tolerations'] = [...given, ...missing];
}

function specOf(object: KubeObject): Record<string, unknown> {
  if (!isRecord(object['spec'])) object['spec'] = {};
  return object['spec'] as Record<string, unknown>;
}

function statusOf(object: KubeObject): Record<string, unknown> {
  return isRecord(object['status']) ? object['status'] : {};
}
