// Objects in and out of the store. The stored text is the JSON answer itself, resourceVersion included, so that
// reads, lists and watches send it without parsing whenever the served version is the stored one.
import type { Entry, Reader, Transaction } from '@pergola/store';
import type { Plane, ResourceDefinition } from '../contract.ts';
import { apiVersionOf, type KubeObject } from '../object.ts';
import { keyOf } from './keys.ts';

/** An object as served, and the revision it was written at. */
export interface Stored {
  readonly object: KubeObject;
  readonly revision: number;
}

/** The object in its served shape, freshly parsed: the caller owns it. */
export function decodeStored(definition: ResourceDefinition, text: string): KubeObject {
  const object = JSON.parse(text) as KubeObject;
  if (definition.fromStored) return definition.fromStored(object);
  return object;
}

/** The JSON of the object as served; equal to the stored text for most kinds. */
export function servedText(definition: ResourceDefinition, text: string): string {
  return definition.fromStored ? JSON.stringify(decodeStored(definition, text)) : text;
}

export function readObject(
  reader: Reader,
  definition: ResourceDefinition,
  namespace: string,
  name: string,
): Stored | undefined {
  const entry = reader.get(keyOf(definition, namespace, name));
  return entry && { object: decodeStored(definition, entry.value), revision: entry.revision };
}

/**
 * Writes the object with the transaction's revision as its resourceVersion; returns the object as served, which is
 * not to be changed any more.
 */
export function putObject(tx: Transaction, definition: ResourceDefinition, object: KubeObject): KubeObject {
  const { namespace = '', name } = object.metadata;
  object.metadata.resourceVersion = String(tx.revision);
  const stored = definition.toStored ? definition.toStored(structuredClone(object)) : object;
  const text = encodeStored(stored);
  tx.put(keyOf(definition, namespace, name), text);
  if (stored === object) storedTexts.set(object, text);
  return object;
}

const storedTexts = new WeakMap<object, string>();

/** The JSON of an object that `putObject` returned: its stored text where that is what is served. */
export function textOf(object: object): string {
  return storedTexts.get(object) ?? JSON.stringify(object);
}

/** apiVersion, kind and metadata come first, as people and the fast paths expect. */
export function encodeStored(object: KubeObject): string {
  const { apiVersion, kind, metadata, ...rest } = object;
  return JSON.stringify({ apiVersion, kind, metadata, ...rest });
}

/** The last state of a deleted object, at the revision of the deletion. */
export function deletedObject(definition: ResourceDefinition, previous: Entry, revision: number): KubeObject {
  const object = decodeStored(definition, previous.value);
  object.metadata.resourceVersion = String(revision);
  return object;
}

/** Reads an object of a kind by its names, wherever the plane serves it; for admission and authentication. */
export function findObject(
  plane: Pick<Plane, 'store'>,
  kind: { readonly group: string; readonly plural: string; readonly namespaced: boolean },
  namespace: string,
  name: string,
): KubeObject | undefined {
  const key = keyOf({ storedAs: kind, namespaced: kind.namespaced }, namespace, name);
  const entry = plane.store.get(key);
  return entry && (JSON.parse(entry.value) as KubeObject);
}

/** The group version that `definition` serves. */
export function servedApiVersion(definition: ResourceDefinition): string {
  return apiVersionOf(definition);
}
