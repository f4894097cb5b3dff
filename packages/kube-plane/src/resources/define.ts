// Makes resource definitions. What a kind leaves out is what most kinds have.
import type { ResourceDefinition } from '../contract.ts';
import { builtinSchemas } from '../schema/builtin.ts';
import { scaleSubresource } from '../verbs/scale.ts';
import { statusSubresource } from '../verbs/status.ts';

type Needed = 'group' | 'version' | 'kind' | 'plural' | 'namespaced';

/** A definition with defaults to fill. The schema defaults to the built-in one of the kind. */
export type ResourceSpec = Pick<ResourceDefinition, Needed> & Partial<ResourceDefinition>;

export const ALL_VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
] as const;

/** A kind whose fields are not described: everything is kept. */
const OPEN_SCHEMA = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } as const;

/** Definitions never change, so all planes of a process share what has been parsed of them. */
export const builtins = builtinSchemas();

/** Fills in what `spec` leaves out; adds the status and scale subresources that it implies. */
export function defineResource(spec: ResourceSpec): ResourceDefinition {
  return {
    listKind: `${spec.kind}List`,
    singular: spec.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    verbs: ALL_VERBS,
    storedAs: { group: spec.group, plural: spec.plural },
    custom: false,
    hasStatus: false,
    hasGeneration: false,
    createOnUpdate: false,
    unconditionalUpdate: true,
    deleteReturnsObject: false,
    strategy: {},
    schema: builtins.forKind(spec) ?? OPEN_SCHEMA,
    source: builtins,
    ...spec,
    subresources: {
      ...(spec.hasStatus ? { status: statusSubresource(spec.kind) } : {}),
      ...(spec.scale ? { scale: scaleSubresource } : {}),
      ...spec.subresources,
    },
  };
}
