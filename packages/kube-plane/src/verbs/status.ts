// The status subresource: writes change status and nothing else.
import type { Handler, Subresource } from '../contract.ts';
import type { KubeObject } from '../object.ts';
import { objectAnswer } from '../render/object-answer.ts';
import { decodeObject } from './decode-object.ts';
import { get } from './get.ts';
import { patchObject } from './patch.ts';
import { trackFields } from './track-fields.ts';
import { assertNames, assignOrDelete, updateObject } from './update.ts';
import { writeOf } from './write.ts';

/** Restores everything but status. Built-in kinds may change labels and annotations on this way; custom ones not. */
function onlyStatus(custom: boolean) {
  return (object: KubeObject, previous: KubeObject): void => {
    for (const key of new Set([...Object.keys(object), ...Object.keys(previous)])) {
      if (key !== 'status' && key !== 'metadata') assignOrDelete(object, key, previous[key]);
    }
    const { managedFields, labels, annotations } = object.metadata;
    object.metadata = { ...previous.metadata };
    assignOrDelete(object.metadata, 'managedFields', managedFields);
    if (custom) return;
    assignOrDelete(object.metadata, 'labels', labels);
    assignOrDelete(object.metadata, 'annotations', annotations);
  };
}

const update: Handler = async (call, definition, plane) => {
  const write = writeOf(call, definition, plane);
  const decoded = await decodeObject(write);
  assertNames(write, decoded, call.info.name);
  const object = await updateObject(write, call.info.name, {
    next: (current) => trackFields(write, current, structuredClone(decoded)),
    prepare: onlyStatus(definition.custom),
  });
  return objectAnswer(call, definition, plane, { status: 200, object });
};

const patch: Handler = (call, definition, plane) =>
  patchObject(writeOf(call, definition, plane), call.info.name, { prepare: onlyStatus(definition.custom) });

/** `…/status` of a kind. */
export const statusSubresource = (kind: string): Subresource => ({ kind, handlers: { get, update, patch } });
