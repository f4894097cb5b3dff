// POST: a new object. Order as k8s.io/apiserver: decode, track fields, mutate, prepare, validate, store.
import { alphabets } from '@pergola/kernel';
import type { Handler, StrategyContext } from '../contract.ts';
import { faults, fieldFaults } from '../faults.ts';
import { KubeStatus } from '../kube-status.ts';
import type { KubeObject } from '../object.ts';
import { objectAnswer } from '../render/object-answer.ts';
import { keyOf } from '../storage/keys.ts';
import { putObject } from '../storage/objects.ts';
import { decodeObject, settle } from './decode-object.ts';
import { denialSentence } from '../authz/denial.ts';
import { attributesOf } from '../filters/authorize.ts';
import { trackFields } from './track-fields.ts';
import {
  admissionRequest,
  assertValid,
  kindName,
  resourceName,
  strategyContext,
  timestamp,
  type Write,
  writeOf,
} from './write.ts';

/** Upstream draws five characters and cuts the base so that the name stays a label. */
const SUFFIX_LENGTH = 5;
const GENERATED_BASE_MAX = 63 - SUFFIX_LENGTH;
const NAME_ATTEMPTS = 8;

export const create: Handler = async (call, definition, plane) => {
  const write = writeOf(call, definition, plane);
  const object = await decodeObject(write);
  call.notes.objectName = object.metadata.name;
  return objectAnswer(call, definition, plane, { status: 201, object: await createObject(write, object) });
};

/**
 * Creates the object; throws the Status of whatever speaks against it. Returns it as stored (or as it would be).
 * `tracked` when its managedFields are already those of the writer.
 */
export async function createObject(
  write: Write,
  decoded: KubeObject,
  fields: 'tracked' | 'untracked' = 'untracked',
): Promise<KubeObject> {
  assertNamespaceMatches(write, decoded);
  assertNamed(write, decoded);
  assertMayCreate(write, decoded.metadata.name);
  dropSystemFields(decoded);
  const tracked = fields === 'tracked' ? decoded : trackFields(write, undefined, decoded);
  const mutated = await write.plane.admission.mutate(admissionRequest(write, 'CREATE', { object: tracked }));
  const object = settle(write.definition, tracked, mutated);
  prepareForCreate(write, object);
  for (let attempt = 1; ; attempt++) {
    if (object.metadata.name === '') object.metadata.name = generatedName(write, object);
    await assertValid(write, object, undefined, () => []);
    write.definition.strategy.authorizeWrite?.(object, strategyContext(write));
    await write.plane.admission.validate(admissionRequest(write, 'CREATE', { object }));
    const stored = await insert(write, object);
    if (stored) return stored;
    if (!object.metadata.generateName || attempt >= NAME_ATTEMPTS) throw nameTaken(write, object, attempt);
    object.metadata.name = '';
  }
}

/** An update or an apply that makes the object needs the right to create it too. */
function assertMayCreate({ call, definition, plane }: Write, name: string): void {
  if (call.info.verb === 'create') return;
  const attributes = { ...attributesOf(call), verb: 'create', name };
  if (plane.authorizer.authorize(attributes).allowed) return;
  throw faults.forbidden(resourceName(definition), name, denialSentence(attributes));
}

function nameTaken(write: Write, object: KubeObject, attempts: number): KubeStatus {
  const fault = faults.alreadyExists(resourceName(write.definition), object.metadata.name);
  if (attempts === 1) return fault;
  return new KubeStatus(
    409,
    'AlreadyExists',
    `${fault.message}, the server was not able to generate a unique name for the object`,
    fault.details,
  );
}

/** Undefined when the name is taken. */
async function insert(write: Write, object: KubeObject): Promise<KubeObject | undefined> {
  const { plane, definition } = write;
  const key = keyOf(definition, write.namespace, object.metadata.name);
  if (write.options.dryRun) return plane.store.get(key) ? undefined : object;
  const { value } = await plane.store.transact((tx) =>
    tx.get(key) ? undefined : putObject(tx, definition, object),
  );
  return value;
}

function prepareForCreate(write: Write, object: KubeObject): void {
  const { definition, plane } = write;
  const { metadata } = object;
  dropSystemFields(object);
  if (definition.hasStatus) delete object['status'];
  metadata.uid = plane.random.uuid();
  metadata.creationTimestamp = timestamp(plane);
  if (definition.hasGeneration) metadata.generation = 1;
  const context: StrategyContext = strategyContext(write);
  definition.strategy.prepareForCreate?.(object, context);
}

function dropSystemFields(object: KubeObject): void {
  const { metadata } = object;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.resourceVersion;
  delete metadata.generation;
  delete metadata['selfLink'];
}

function generatedName(write: Write, object: KubeObject): string {
  const base = (object.metadata.generateName ?? '').slice(0, GENERATED_BASE_MAX);
  return base + write.plane.random.text(SUFFIX_LENGTH, alphabets.kubeSuffix);
}

function assertNamespaceMatches(write: Write, object: KubeObject): void {
  const { metadata } = object;
  const { definition, namespace } = write;
  if (definition.namespaced) {
    if (namespace === '') throw faults.badRequest('an empty namespace may not be set during creation');
    if ((metadata.namespace ?? '') !== '' && metadata.namespace !== namespace) {
      throw faults.badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
    metadata.namespace = namespace;
  } else if ((metadata.namespace ?? '') !== '') {
    throw faults.badRequest('namespace may not be set on cluster-scoped resources');
  } else {
    delete metadata.namespace;
  }
}

function assertNamed(write: Write, object: KubeObject): void {
  const { metadata } = object;
  metadata.name ??= '';
  if (metadata.name !== '' || (metadata.generateName ?? '') !== '') return;
  throw faults.invalid(kindName(write.definition), '', [
    fieldFaults.required('metadata.name', 'name or generateName is required'),
  ]);
}
