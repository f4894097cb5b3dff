// Whether a CRD's schema is structural.
import type { FieldFault } from '../faults.ts';
import type { KubeSchema } from '../schema/schema.ts';

export function structuralFaults(_schema: KubeSchema, _field: string): FieldFault[] {
  return [];
}
