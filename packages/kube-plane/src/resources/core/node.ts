// Node.
import { defineResource } from '../define.ts';

export const nodes = defineResource({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  hasStatus: true,
  strategy: {
    prepareForCreate: (object) => {
      object['spec'] ??= {};
    },
    fieldValues: (object) => ({
      'spec.unschedulable': String((object['spec'] as { unschedulable?: boolean })?.unschedulable ?? false),
    }),
  },
});
