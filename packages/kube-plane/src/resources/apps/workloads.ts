// The workload kinds of apps/v1: generation, status and scale are the generic ones; what they add is here.
import { isRecord, jsonEqual } from '@pergola/kernel';
import type { ResourceDefinition, Strategy } from '../../contract.ts';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { labelSelectorOf } from '../../selectors/label-selector.ts';
import { applyTemplateDefaults } from '../core/pod-defaults.ts';
import { templateFaults } from '../core/pod-faults.ts';
import { defineResource } from '../define.ts';

const REPLICAS = {
  specReplicas: '.spec.replicas',
  statusReplicas: '.status.replicas',
  labelSelector: '.spec.selector',
} as const;

const apps = {
  group: 'apps',
  version: 'v1',
  namespaced: true,
  hasStatus: true,
  hasGeneration: true,
} as const;

/** Defaults, validation and immutability that all kinds with a selector and a template share. */
function workloadStrategy(more: Partial<Strategy> = {}): Strategy {
  return {
    ...more,
    applyDefaults(object) {
      const spec = specOf(object);
      more.applyDefaults?.(object);
      if (isRecord(spec['template'])) applyTemplateDefaults(spec['template']);
    },
    prepareForCreate: (object, context) => {
      object['status'] = {};
      more.prepareForCreate?.(object, context);
    },
    validate: async (object, context) => [
      ...selectorFaults(object),
      ...templateFaults(object),
      ...((await more.validate?.(object, context)) ?? []),
    ],
    validateUpdate: (object, previous, context) => [
      ...(jsonEqual(specOf(object)['selector'], specOf(previous)['selector'])
        ? []
        : [fieldFaults.invalid('spec.selector', specOf(object)['selector'], 'field is immutable')]),
      ...(more.validateUpdate?.(object, previous, context) ?? []),
    ],
  };
}

export const deployments: ResourceDefinition = defineResource({
  ...apps,
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  scale: REPLICAS,
  strategy: workloadStrategy({
    applyDefaults(object) {
      const spec = specOf(object);
      setDefaults(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
      const strategy = isRecord(spec['strategy']) ? spec['strategy'] : {};
      spec['strategy'] = strategy;
      setDefaults(strategy, { type: 'RollingUpdate' });
      if (strategy['type'] !== 'RollingUpdate') return;
      const rolling = isRecord(strategy['rollingUpdate']) ? strategy['rollingUpdate'] : {};
      setDefaults(rolling, { maxUnavailable: '25%', maxSurge: '25%' });
      strategy['rollingUpdate'] = rolling;
    },
    validate: (object) => {
      const strategy = specOf(object)['strategy'];
      if (!isRecord(strategy) || strategy['type'] !== 'Recreate' || strategy['rollingUpdate'] === undefined)
        return [];
      return [
        fieldFaults.forbidden(
          'spec.strategy.rollingUpdate',
          "may not be specified when strategy `type` is 'Recreate'",
        ),
      ];
    },
  }),
});

export const replicaSets: ResourceDefinition = defineResource({
  ...apps,
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  scale: REPLICAS,
  strategy: workloadStrategy({
    applyDefaults: (object) => setDefaults(specOf(object), { replicas: 1 }),
    prepareForCreate: (object) => {
      object['status'] = { replicas: 0 };
    },
    fieldValues: (object) => ({
      'status.replicas': String((object['status'] as { replicas?: number })?.replicas ?? 0),
    }),
  }),
});

export const statefulSets: ResourceDefinition = defineResource({
  ...apps,
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  scale: REPLICAS,
  strategy: workloadStrategy({
    prepareForCreate: (object, { warn }) => {
      object['status'] = { replicas: 0, availableReplicas: 0 };
      warn('no controller runs StatefulSets here: the object is kept, and no pods are made of it');
    },
    applyDefaults(object) {
      const spec = specOf(object);
      setDefaults(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' });
      setDefaults(spec, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } });
    },
  }),
});

export const daemonSets: ResourceDefinition = defineResource({
  ...apps,
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  strategy: workloadStrategy({
    prepareForCreate: (object) => {
      object['status'] = {
        currentNumberScheduled: 0,
        numberMisscheduled: 0,
        desiredNumberScheduled: 0,
        numberReady: 0,
      };
    },
    applyDefaults(object) {
      const rollingUpdate = { maxUnavailable: 1, maxSurge: 0 };
      setDefaults(specOf(object), {
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate },
      });
    },
  }),
});

export const controllerRevisions = defineResource({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
});

function specOf(object: KubeObject): Record<string, unknown> {
  object['spec'] ??= {};
  return object['spec'] as Record<string, unknown>;
}

/** Sets the fields that are absent. */
function setDefaults(target: Record<string, unknown>, defaults: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(defaults)) target[key] ??= structuredClone(value);
}

function selectorFaults(object: KubeObject): FieldFault[] {
  const { selector, template } = specOf(object);
  const errors = isRecord(selector) ? [] : [fieldFaults.required('spec.selector')];
  const matcher = isRecord(selector) ? labelSelectorOf(selector) : undefined;
  if (matcher?.requirements.length === 0) {
    return [fieldFaults.invalid('spec.selector', selector, 'empty selector is invalid for deployment')];
  }
  const metadata = isRecord(template) && isRecord(template['metadata']) ? template['metadata'] : {};
  const labels = (metadata['labels'] ?? {}) as Record<string, string>;
  if (matcher?.matches(labels)) return errors;
  return [
    ...errors,
    fieldFaults.invalid(
      'spec.template.metadata.labels',
      labels,
      '`selector` does not match template `labels`',
    ),
  ];
}
