// What every CustomResourceDefinition of the operator has in common.
import type { KubeResource, ResourceType } from '@pergola/kube-client';
import { object, type Schema } from './schema.ts';

export interface DefinitionOptions {
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly spec: Schema;
  readonly status: Schema;
  readonly columns: readonly { readonly name: string; readonly jsonPath: string }[];
}

export function definitionOf(type: ResourceType, options: DefinitionOptions): KubeResource {
  const { group, version, plural, kind } = type;
  const schema = object({
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: options.spec,
    status: options.status,
  });
  const columns = [
    ...options.columns,
    { name: 'Age', jsonPath: '.metadata.creationTimestamp', type: 'date' },
  ];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        categories: ['logging'],
        kind,
        listKind: `${kind}List`,
        plural,
        shortNames: options.shortNames,
        singular: kind.toLowerCase(),
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { ...schema, description: options.description } },
          subresources: { status: {} },
          additionalPrinterColumns: columns.map((column) => ({ type: 'string', ...column })),
        },
      ],
    },
  };
}

/** The printer column that shows the status of one condition. */
export function conditionColumn(name: string, type: string): { name: string; jsonPath: string } {
  return { name, jsonPath: `.status.conditions[?(@.type=="${type}")].status` };
}
