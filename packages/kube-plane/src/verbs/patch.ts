// PATCH in its four languages. The patch is tried again on the newer object when somebody else wrote meanwhile.
import type { Answer, Call, Handler, ResourceDefinition } from '../contract.ts';
import { faults, fieldFaults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../patch/strategic-merge-patch.ts';
import { objectAnswer } from '../render/object-answer.ts';
import { contentTypeOf, type DecodedBody, decodeJson, decodeYaml } from '../request/body.ts';
import { readObject } from '../storage/objects.ts';
import { typeMismatch } from '../validation/schema-faults.ts';
import { createObject } from './create.ts';
import { conform } from './decode-object.ts';
import { applyConfiguration, trackFields } from './track-fields.ts';
import { assertNames, type Change, updateObject } from './update.ts';
import { resourceName, type Write, writeOf } from './write.ts';

export const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export const patch: Handler = (call, definition, plane) =>
  patchObject(writeOf(call, definition, plane), call.info.name, {});

/** The part of a change that subresources replace. */
type Preparation = Pick<Change, 'prepare' | 'isTrusted'>;

/** Runs the patch of the call on the named object and answers with the result. */
export async function patchObject(write: Write, name: string, preparation: Preparation): Promise<Answer> {
  const { call, definition, plane } = write;
  if (contentTypeOf(call) === PATCH_TYPES.apply) return apply(write, name, preparation);
  if (write.options.force !== undefined) {
    throw faults.invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      fieldFaults.forbidden('force', 'may not be specified for non-apply patch'),
    ]);
  }
  const transform = await patchFunction(call, definition);
  const object = await updateObject(write, name, {
    ...preparation,
    next(current) {
      const before = structuredClone(current);
      const value = transform(current);
      assertTypes(definition, value);
      const changed = conform(write, { value, text: undefined });
      assertNames(write, changed, name);
      return trackFields(write, before, changed);
    },
  });
  return objectAnswer(call, definition, plane, { status: 200, object });
}

/** A patch that gives a field the wrong type is itself invalid, and upstream shows the object that it made. */
function assertTypes(definition: ResourceDefinition, value: unknown): void {
  const mismatch = typeMismatch(definition, value);
  if (mismatch === undefined) return;
  throw faults.invalid({ group: '', kind: '' }, '', [
    fieldFaults.invalid('patch', JSON.stringify(value), mismatch),
  ]);
}

/** The function from an object to the patched one; throws 400 and 415 for what is not a patch. */
export async function patchFunction(
  call: Call,
  definition: Pick<ResourceDefinition, 'schema' | 'source' | 'custom'>,
): Promise<(object: unknown) => unknown> {
  const type = contentTypeOf(call);
  const accepted: string[] = Object.values(PATCH_TYPES).filter(
    (name) => !(definition.custom && name === PATCH_TYPES.strategic),
  );
  if (!accepted.includes(type)) throw faults.unsupportedMediaType(accepted);
  // A strategic patch that is no JSON is refused with Go's bare sentence, the others with a word before.
  const words = type === PATCH_TYPES.strategic ? '' : 'error decoding patch: ';
  const document = decodeJson(await call.body(), words).value;
  switch (type) {
    case PATCH_TYPES.json:
      return (object) => applyJsonPatch(object, document);
    case PATCH_TYPES.merge:
      return (object) => applyMergePatch(object, document);
    default:
      return (object) => applyStrategicMergePatch(object, document, definition.schema, definition.source);
  }
}

async function apply(write: Write, name: string, preparation: Preparation): Promise<Answer> {
  const { call, definition, plane } = write;
  if (write.options.namedManager === '') {
    throw faults.invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      fieldFaults.required('fieldManager', 'is required for apply patch'),
    ]);
  }
  const body = await decodeYaml(await call.body());
  const live = readObject(plane.store, definition, write.namespace, name);
  if (!live) {
    if (write.subresource !== '') throw faults.notFound(resourceName(definition), name);
    return applyNew(write, name, body);
  }
  const object = await updateObject(write, name, {
    ...preparation,
    next: (current) => configured(write, current, body, name),
  });
  return objectAnswer(call, definition, plane, { status: 200, object });
}

async function applyNew(write: Write, name: string, body: DecodedBody): Promise<Answer> {
  const { call, definition, plane } = write;
  const config = configurationOf(write, body, name);
  const object = withDefaults(write, applyConfiguration(write, undefined, config));
  const created = await createObject(write, object, 'tracked');
  return objectAnswer(call, definition, plane, { status: 201, object: created });
}

function configured(write: Write, current: KubeObject, body: DecodedBody, name: string): KubeObject {
  const config = configurationOf(write, body, name);
  return withDefaults(write, applyConfiguration(write, current, config));
}

/** The body as an object of the kind, unknown fields reported, but without the defaults that nobody wrote. */
function configurationOf(write: Write, body: DecodedBody, name: string): KubeObject {
  const config = conform(write, structuredClone(body), 'as given');
  if ((config.metadata.managedFields?.length ?? 0) > 0) {
    throw faults.badRequest('metadata.managedFields must be nil');
  }
  assertNames(write, config, name);
  return config;
}

function withDefaults(write: Write, object: KubeObject): KubeObject {
  return conform(write, { value: object, text: undefined });
}
