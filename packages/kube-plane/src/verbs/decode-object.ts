// From a request's body to an object of the kind: names of the kind, unknown and duplicate fields, defaults.
import { isRecord } from '@pergola/kernel';
import type { ResourceDefinition } from '../contract.ts';
import { faults } from '../faults.ts';
import { apiVersionOf, type KubeObject } from '../object.ts';
import { assertDepth, type DecodedBody, decodeBody } from '../request/body.ts';
import type { FieldValidation } from '../request/options.ts';
import { applyDefaults, dropNulls } from '../schema/defaults.ts';
import { duplicateFields } from '../schema/duplicate-fields.ts';
import { prune } from '../schema/unknown-fields.ts';
import { typeMismatch } from '../validation/schema-faults.ts';
import { addWarning, type Write } from './write.ts';

/** Decodes the body as an object of the write's kind; throws the 400 and 415 Statuses. */
export async function decodeObject(write: Write): Promise<KubeObject> {
  return conform(write, await decodeBody(write.call));
}

/** Makes any decoded value an object of the kind, or throws 400. Also for the results of patches. */
export function conform(
  write: Write,
  body: DecodedBody,
  defaults: 'with defaults' | 'as given' = 'with defaults',
): KubeObject {
  const { definition } = write;
  assertDepth(body.value);
  const object = namedKind(definition, body.value);
  if (!definition.custom) dropNulls(object, definition.schema, definition.source);
  const mismatch = typeMismatch(definition, object);
  if (mismatch !== undefined) throw cannotHandle(definition, mismatch);
  const duplicates = body.text === undefined ? [] : duplicateFields(body.text);
  reportFields(write, [
    ...duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...prune(object, definition.schema, definition.source).map(
      (path) => `unknown field ${JSON.stringify(path)}`,
    ),
  ]);
  return defaults === 'as given' ? object : withDefaults(definition, object);
}

/** The object after admission, with its defaults; unknown fields can only have come with another object. */
export function settle(
  definition: ResourceDefinition,
  object: KubeObject,
  mutated: KubeObject | undefined,
): KubeObject {
  if (mutated === undefined || mutated === object) return withDefaults(definition, object);
  prune(mutated, definition.schema, definition.source);
  return withDefaults(definition, mutated);
}

function withDefaults(definition: ResourceDefinition, object: KubeObject): KubeObject {
  applyDefaults(object, definition.schema, definition.source);
  definition.strategy.applyDefaults?.(object);
  return object;
}

function namedKind(definition: ResourceDefinition, value: unknown): KubeObject {
  if (!isRecord(value)) {
    throw faults.badRequest(
      `the object provided is unrecognized (must be of type ${definition.kind}): couldn't get version/kind; expected an object`,
    );
  }
  const wanted = apiVersionOf(definition);
  const apiVersion = value['apiVersion'] ?? '';
  const kind = value['kind'] ?? '';
  if (apiVersion !== '' && apiVersion !== wanted) {
    throw faults.badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${wanted})`,
    );
  }
  if (kind !== '' && kind !== definition.kind) {
    throw faults.badRequest(
      `${String(kind)} in version "${definition.version}" cannot be handled as a ${definition.kind}: the kind of the data does not match the resource`,
    );
  }
  const metadata = value['metadata'] ?? {};
  if (!isRecord(metadata)) throw cannotHandle(definition, 'metadata must be an object');
  return {
    ...value,
    apiVersion: wanted,
    kind: definition.kind,
    metadata: withoutEmpty(metadata),
  } as KubeObject;
}

const OMITTED_WHEN_EMPTY = ['labels', 'annotations', 'ownerReferences', 'finalizers'];

/** Upstream's ObjectMeta cannot tell an empty map or list from none: neither is written again. */
function withoutEmpty(metadata: Record<string, unknown>): Record<string, unknown> {
  const isEmpty = (value: unknown) =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(
    Object.entries(metadata).filter(
      ([name, value]) => !(OMITTED_WHEN_EMPTY.includes(name) && isEmpty(value)),
    ),
  );
}

function cannotHandle(definition: ResourceDefinition, why: string) {
  return faults.badRequest(
    `${definition.kind} in version ${JSON.stringify(definition.version)} cannot be handled as a ${definition.kind}: ${why}`,
  );
}

/** Refuses, warns or stays silent, as the client's fieldValidation wants. */
function reportFields(write: Write, complaints: readonly string[]): void {
  const mode: FieldValidation = write.options.fieldValidation;
  if (mode === 'Ignore' || complaints.length === 0) return;
  if (mode === 'Strict')
    throw cannotHandle(write.definition, `strict decoding error: ${complaints.join(', ')}`);
  for (const complaint of complaints) addWarning(write.call, complaint);
}
