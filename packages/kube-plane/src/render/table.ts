// Tables of objects, as kubectl prints them.
import type { ResourceDefinition } from '../contract.ts';
import type { KubeObject } from '../object.ts';

export function tableOf(
  _definition: ResourceDefinition,
  objects: readonly KubeObject[],
  _options: { readonly nowMs: number; readonly includeObject: 'None' | 'Metadata' | 'Object' },
): Record<string, unknown> {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
    rows: objects.map((object) => ({
      cells: [object.metadata.name],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}
