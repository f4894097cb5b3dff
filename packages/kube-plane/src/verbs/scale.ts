// The scale subresource: a kind's replica count as autoscaling/v1 Scale.
import { isRecord } from '@pergola/kernel';
import type { Handler, ResourceDefinition, ScalePaths, Subresource } from '../contract.ts';
import { faults, fieldFaults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { objectAnswer } from '../render/object-answer.ts';
import { decodeBody } from '../request/body.ts';
import { labelSelectorOf, renderLabelSelector } from '../selectors/label-selector.ts';
import { keyOf } from '../storage/keys.ts';
import { simplePath } from '../crd/simple-path.ts';
import { decodeStored } from '../storage/objects.ts';
import { patchFunction } from './patch.ts';
import { trackFields } from './track-fields.ts';
import { updateObject } from './update.ts';
import { resourceName, type Write, writeOf } from './write.ts';

const SCALE_SCHEMA = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } as const;

const get: Handler = async (call, definition, plane) => {
  const entry = plane.store.get(keyOf(definition, call.info.namespace, call.info.name));
  if (!entry) throw faults.notFound(resourceName(definition), call.info.name);
  const object = scaleOf(decodeStored(definition, entry.value), pathsOf(definition));
  return objectAnswer(call, definition, plane, { status: 200, object });
};

const update: Handler = async (call, definition, plane) => {
  const { value } = await decodeBody(call);
  return write(writeOf(call, definition, plane), () => value);
};

const patch: Handler = async (call, definition, plane) => {
  const transform = await patchFunction(call, {
    schema: SCALE_SCHEMA,
    source: definition.source,
    custom: definition.custom,
  });
  return write(writeOf(call, definition, plane), transform);
};

/** `…/scale` of any kind that names its scale paths. */
export const scaleSubresource: Subresource = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  handlers: { get, update, patch },
};

async function write(scaleWrite: Write, transform: (scale: unknown) => unknown) {
  const { call, definition, plane } = scaleWrite;
  const paths = pathsOf(definition);
  const object = await updateObject(scaleWrite, call.info.name, {
    next(current) {
      const before = structuredClone(current);
      const scale = transform(scaleOf(current, paths));
      const replicas = replicasOf(scale, current.metadata.name);
      if (isRecord(scale) && isRecord(scale['metadata'])) {
        const { resourceVersion } = scale['metadata'];
        if (typeof resourceVersion === 'string') current.metadata.resourceVersion = resourceVersion;
      }
      setPath(current, paths.specReplicas, replicas);
      return trackFields(scaleWrite, before, current);
    },
  });
  return objectAnswer(call, definition, plane, { status: 200, object: scaleOf(object, paths) });
}

function pathsOf(definition: ResourceDefinition): ScalePaths {
  if (!definition.scale) throw faults.noSuchResource();
  return definition.scale;
}

function replicasOf(scale: unknown, name: string): number {
  const spec = isRecord(scale) && isRecord(scale['spec']) ? scale['spec'] : {};
  const replicas = spec['replicas'] ?? 0;
  if (typeof replicas === 'number' && Number.isInteger(replicas) && replicas >= 0) return replicas;
  throw faults.invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
    fieldFaults.invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
  ]);
}

function scaleOf(object: KubeObject, paths: ScalePaths): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = paths.labelSelector === undefined ? undefined : simplePath(object, paths.labelSelector);
  const selectorText =
    typeof selector === 'string'
      ? selector
      : isRecord(selector)
        ? renderLabelSelector(labelSelectorOf(selector))
        : '';
  const replicas = simplePath(object, paths.specReplicas);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: typeof replicas === 'number' ? { replicas } : {},
    status: {
      replicas: Number(simplePath(object, paths.statusReplicas) ?? 0),
      ...(selectorText === '' ? {} : { selector: selectorText }),
    },
  };
}

function setPath(object: KubeObject, path: string, value: unknown): void {
  const keys = path.split('.').filter((segment) => segment !== '');
  const last = keys.pop();
  if (last === undefined) return;
  let target: Record<string, unknown> = object;
  for (const key of keys) {
    const child = Object.hasOwn(target, key) ? target[key] : undefined;
    const next = isRecord(child) ? child : {};
    setOwn(target, key, next);
    target = next;
  }
  setOwn(target, last, value);
}

/** The path comes from a CRD: `__proto__` in it is a name like any other. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
