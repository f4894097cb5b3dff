// From a CustomResourceDefinition to the resource definitions of its served versions.
import { isRecord } from '@pergola/kernel';
import type { PrinterColumn, ResourceDefinition, ScalePaths } from '../contract.ts';
import type { KubeObject } from '../object.ts';
import { builtins, defineResource } from '../resources/define.ts';
import { applyDefaults } from '../schema/defaults.ts';
import type { KubeSchema } from '../schema/schema.ts';
import { simplePath } from './simple-path.ts';

export interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema?: { readonly openAPIV3Schema?: KubeSchema };
  readonly subresources?: { readonly status?: object; readonly scale?: Record<string, string> };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
}

export interface CrdSpec {
  readonly group: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly names: {
    readonly plural: string;
    readonly kind: string;
    readonly singular?: string;
    readonly listKind?: string;
    readonly shortNames?: readonly string[];
    readonly categories?: readonly string[];
  };
  readonly versions: readonly CrdVersion[];
  readonly preserveUnknownFields?: boolean;
}

export function crdSpec(crd: KubeObject): CrdSpec {
  return crd['spec'] as CrdSpec;
}

/** True when the CRD's status has the condition Established. */
export function isEstablished(crd: KubeObject): boolean {
  const status = crd['status'] as { conditions?: { type: string; status: string }[] } | undefined;
  return status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false;
}

/** The definitions of an established CRD; none for any other. */
export function customResources(crd: KubeObject): ResourceDefinition[] {
  if (!isEstablished(crd)) return [];
  const spec = crdSpec(crd);
  const storage = spec.versions.find((version) => version.storage);
  if (!storage) return [];
  return spec.versions
    .filter((version) => version.served)
    .map((version) => definitionOf(spec, version, storage));
}

function definitionOf(spec: CrdSpec, version: CrdVersion, storage: CrdVersion): ResourceDefinition {
  const { group, names } = spec;
  const schema: KubeSchema = version.schema?.openAPIV3Schema ?? {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
  };
  const served = `${group}/${version.name}`;
  const stored = `${group}/${storage.name}`;
  const readsAsStored = served === stored && !hasDefaults(schema);
  const fields = version.selectableFields ?? [];
  return defineResource({
    group,
    version: version.name,
    kind: names.kind,
    listKind: names.listKind ?? `${names.kind}List`,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === 'Namespaced',
    custom: true,
    schema,
    source: builtins,
    hasGeneration: true,
    hasStatus: version.subresources?.status !== undefined,
    scale: scalePaths(version),
    unconditionalUpdate: false,
    columns: version.additionalPrinterColumns ?? [],
    strategy: {
      fieldValues: (object) =>
        Object.fromEntries(
          fields.map(({ jsonPath }) => [jsonPath.slice(1), String(simplePath(object, jsonPath) ?? '')]),
        ),
      prepareForCreate: (_object, { warn }) => {
        if (version.deprecated) warn(version.deprecationWarning ?? `${served} ${names.kind} is deprecated`);
      },
    },
    ...(readsAsStored
      ? {}
      : {
          fromStored(object: KubeObject) {
            const converted = { ...object, apiVersion: served };
            applyDefaults(converted, schema, builtins);
            return converted;
          },
          toStored: (object: KubeObject) => ({ ...object, apiVersion: stored }),
        }),
  });
}

function scalePaths(version: CrdVersion): ScalePaths | undefined {
  const scale = version.subresources?.scale;
  if (!scale) return undefined;
  return {
    specReplicas: scale['specReplicasPath'] ?? '.spec.replicas',
    statusReplicas: scale['statusReplicasPath'] ?? '.status.replicas',
    labelSelector: scale['labelSelectorPath'],
  };
}

/** Whether reading must fill in defaults. */
function hasDefaults(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(hasDefaults);
  if (!isRecord(schema)) return false;
  return schema['default'] !== undefined || Object.values(schema).some(hasDefaults);
}
