// What a filter is once it is compiled.
import type { MutableRecord } from '../records/container-record.ts';

/** Changes `record`; false drops it. */
export type RecordFilter = (record: MutableRecord) => boolean;
