// The annotation of client-side apply, which server-side apply by kubectl takes over and keeps current.
import { isRecord } from '@pergola/kernel';
import type { KubeObject } from '../object.ts';
import type { SchemaSource } from '../schema/schema.ts';
import { emptySet, type FieldSet } from './field-set.ts';
import { toFieldSet } from './to-field-set.ts';
import type { NodeSchema } from './value-shape.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** All annotations of an object together. */
const annotationBytesMax = 256 * 1024;

/** The fields of the configuration that kubectl applied from the client; empty when there is none. */
export function lastAppliedFields(
  live: KubeObject | undefined,
  schema: NodeSchema,
  source: SchemaSource,
): FieldSet {
  const text = live?.metadata.annotations?.[annotation];
  if (!text) return emptySet;
  try {
    const config: unknown = JSON.parse(text);
    return isRecord(config) ? toFieldSet(config, schema, source) : emptySet;
  } catch {
    // A broken annotation allows nothing.
    return emptySet;
  }
}

/** `object` with the annotation renewed from `config`, when it has the annotation. */
export function withLastApplied(object: KubeObject, config: KubeObject): KubeObject {
  const annotations = object.metadata.annotations;
  if (!annotations?.[annotation]) return object;
  const { [annotation]: _, ...others } = config.metadata.annotations ?? {};
  const metadata = { ...config.metadata, ...(config.metadata.annotations ? { annotations: others } : {}) };
  const text = `${JSON.stringify({ ...config, metadata })}\n`;
  const { [annotation]: __, ...kept } = annotations;
  const renewed = text.length > annotationBytesMax ? kept : { ...kept, [annotation]: text };
  return { ...object, metadata: { ...object.metadata, annotations: renewed } };
}
