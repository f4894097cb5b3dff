// CronJob: what upstream's defaults.go fills in, and that a schedule must be there. When it is due, its controller says.
import { isRecord } from '@pergola/kernel';
import { fieldFaults } from '../../faults.ts';
import { applyTemplateDefaults } from '../core/pod-defaults.ts';
import { defineResource } from '../define.ts';

export const cronJobs = defineResource({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  hasGeneration: true,
  strategy: {
    applyDefaults(object) {
      const spec = specOf(object);
      spec['concurrencyPolicy'] ??= 'Allow';
      spec['suspend'] ??= false;
      spec['successfulJobsHistoryLimit'] ??= 3;
      spec['failedJobsHistoryLimit'] ??= 1;
      const template = specOf(specOf(spec['jobTemplate']))['template'];
      if (isRecord(template)) applyTemplateDefaults(template);
    },
    prepareForCreate(object, { warn }) {
      object['status'] = {};
      warn('no controller runs CronJobs here: the object is kept, and no jobs are made of it');
    },
    validate: (object) => (specOf(object)['schedule'] ? [] : [fieldFaults.required('spec.schedule')]),
  },
});

/** The spec of an object or template; an unattached empty one when there is none. */
function specOf(holder: unknown): Record<string, unknown> {
  const spec = isRecord(holder) ? holder['spec'] : undefined;
  return isRecord(spec) ? spec : {};
}
