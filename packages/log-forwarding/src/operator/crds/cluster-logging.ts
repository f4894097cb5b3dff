// ClusterLogging of logging.openshift.io/v1: how the legacy forwarder's collectors run.
import { customResources } from '../custom-resources.ts';
import { definitionOf } from './definition.ts';
import { choice, nullable, object, open, text } from './schema.ts';
import { plainConditions, schedulingFields } from './shared-schemas.ts';

export const clusterLoggingDefinition = definitionOf(customResources.clusterLoggings, {
  shortNames: ['cl'],
  description: 'Configures the collection of logs in openshift-logging.',
  spec: object({
    managementState: choice('Managed', 'Unmanaged'),
    visualization: nullable(open),
    logStore: nullable(open),
    collection: nullable(
      object({
        type: text(),
        logs: nullable(object({ type: text(), fluentd: nullable(object(schedulingFields)) })),
        fluentd: nullable(open),
        ...schedulingFields,
      }),
    ),
    curation: nullable(open),
    forwarder: nullable(object({ fluentd: open })),
  }),
  status: object({
    conditions: plainConditions,
    visualization: open,
    logStore: open,
    collection: nullable(open),
    curation: open,
  }),
  columns: [{ name: 'Management State', jsonPath: '.spec.managementState' }],
});
