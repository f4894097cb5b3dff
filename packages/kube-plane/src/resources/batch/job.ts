// Job: its selector and the labels of its pods are generated unless the user takes charge of them.
import { isRecord, jsonEqual } from '@pergola/kernel';
import { fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { applyTemplateDefaults } from '../core/pod-defaults.ts';
import { templateFaults } from '../core/pod-faults.ts';
import { defineResource } from '../define.ts';

/** What a Job may never change. */
const FROZEN = ['completions', 'selector', 'template', 'completionMode'];

export const jobs = defineResource({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  hasGeneration: true,
  strategy: {
    applyDefaults(object) {
      const spec = specOf(object);
      spec['completions'] ??= spec['parallelism'] === undefined ? 1 : undefined;
      if (spec['completions'] === undefined) delete spec['completions'];
      spec['parallelism'] ??= 1;
      spec['backoffLimit'] ??= 6;
      spec['completionMode'] ??= 'NonIndexed';
      spec['suspend'] ??= false;
      spec['podReplacementPolicy'] ??= 'TerminatingOrFailed';
      if (isRecord(spec['template'])) applyTemplateDefaults(spec['template']);
    },
    prepareForCreate(object) {
      object['status'] = {};
      const spec = specOf(object);
      spec['manualSelector'] ??= false;
      if (spec['manualSelector'] !== true) generateSelector(object, spec);
    },
    validate: (object) => templateFaults(object, ['OnFailure', 'Never']),
    validateUpdate: (object, previous) =>
      FROZEN.filter((field) => !jsonEqual(specOf(object)[field], specOf(previous)[field])).map((field) =>
        fieldFaults.invalid(`spec.${field}`, specOf(object)[field], 'field is immutable'),
      ),
    fieldValues: (object) => ({
      'status.successful': String((object['status'] as { succeeded?: number })?.succeeded ?? 0),
    }),
  },
});

function specOf(object: KubeObject): Record<string, unknown> {
  if (!isRecord(object['spec'])) object['spec'] = {};
  return object['spec'] as Record<string, unknown>;
}

function generateSelector(object: KubeObject, spec: Record<string, unknown>): void {
  const template = isRecord(spec['template']) ? spec['template'] : {};
  const metadata = isRecord(template['metadata']) ? template['metadata'] : {};
  const uid = object.metadata.uid ?? '';
  const given = isRecord(metadata['labels']) ? metadata['labels'] : {};
  metadata['labels'] = {
    ...given,
    'controller-uid': uid,
    'job-name': object.metadata.name,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': object.metadata.name,
  };
  template['metadata'] = metadata;
  spec['template'] = template;
  spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
}
