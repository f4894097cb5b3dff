// Which objects a list, a watch or a deletecollection wants: labels, fields and, for a watch of one object, a name.
import type { ResourceDefinition } from '../contract.ts';
import type { KubeObject } from '../object.ts';
import { assertSelectable, parseFieldSelector } from '../selectors/field-selector.ts';
import { parseLabelSelector } from '../selectors/label-selector.ts';

export interface ObjectFilter {
  /** True when every object matches, so that none need be parsed. */
  readonly everything: boolean;
  readonly matches: (object: KubeObject) => boolean;
}

interface Selectors {
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

/** Throws 400 for selectors that are malformed or name fields that the kind does not offer. */
export function filterOf(definition: ResourceDefinition, selectors: Selectors, name = ''): ObjectFilter {
  if (selectors.labelSelector === '' && selectors.fieldSelector === '' && name === '') return EVERYTHING;
  const labels = parseLabelSelector(selectors.labelSelector);
  const fields = parseFieldSelector(selectors.fieldSelector);
  assertSelectable(fields, selectableFields(definition));
  return {
    everything: false,
    matches: (object) =>
      (name === '' || object.metadata.name === name) &&
      labels.matches(object.metadata.labels) &&
      fields.matches(fieldValues(definition, object)),
  };
}

const EVERYTHING: ObjectFilter = { everything: true, matches: () => true };

/** The names that field selectors may use; the values of an empty object have them all. */
function selectableFields(definition: ResourceDefinition): string[] {
  const empty: KubeObject = { apiVersion: '', kind: definition.kind, metadata: { name: '' } };
  return Object.keys(fieldValues(definition, empty));
}

function fieldValues(definition: ResourceDefinition, object: KubeObject): Record<string, string> {
  const { name, namespace = '' } = object.metadata;
  return {
    'metadata.name': name,
    ...(definition.namespaced ? { 'metadata.namespace': namespace } : {}),
    ...definition.strategy.fieldValues?.(object),
  };
}
