// The filter `openshiftLabels`: labels of the pipeline, under `openshift.labels`.
import { isRecord } from '@pergola/kernel';
import { dedotted } from '../records/container-record.ts';
import type { RecordFilter } from './filter-function.ts';

export function labelFilter(labels: Readonly<Record<string, string>>): RecordFilter {
  const added = dedotted(labels);
  return (record) => {
    const openshift = isRecord(record['openshift']) ? record['openshift'] : {};
    const before = isRecord(openshift['labels']) ? openshift['labels'] : {};
    // In the order of the alphabet, between the cluster's id and the sequence.
    const { cluster_id, ...rest } = openshift;
    record['openshift'] = {
      ...(cluster_id === undefined ? {} : { cluster_id }),
      ...rest,
      labels: { ...before, ...added },
    };
    return true;
  };
}
