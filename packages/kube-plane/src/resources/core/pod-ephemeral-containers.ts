// …/pods/x/ephemeralcontainers: a running pod gains containers for debugging, and nothing else changes.
import { isRecord } from '@pergola/kernel';
import type { Handler, Subresource } from '../../contract.ts';
import { faults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { objectAnswer } from '../../render/object-answer.ts';
import { decodeObject } from '../../verbs/decode-object.ts';
import { get } from '../../verbs/get.ts';
import { patchObject } from '../../verbs/patch.ts';
import { assertNames, updateObject } from '../../verbs/update.ts';
import { writeOf } from '../../verbs/write.ts';
import { ephemeralFaults } from './pod-faults.ts';

function onlyEphemeral(object: KubeObject, previous: KubeObject): void {
  const wanted = isRecord(object['spec']) ? object['spec']['ephemeralContainers'] : undefined;
  object['spec'] = { ...(previous['spec'] as object), ephemeralContainers: wanted ?? [] };
  object['status'] = previous['status'];
  object.metadata = { ...previous.metadata };
  const errors = ephemeralFaults(object, previous);
  if (errors.length > 0) throw faults.invalid({ group: '', kind: 'Pod' }, previous.metadata.name, errors);
}

const update: Handler = async (call, definition, plane) => {
  const write = writeOf(call, definition, plane);
  const decoded = await decodeObject(write);
  assertNames(write, decoded, call.info.name);
  const object = await updateObject(write, call.info.name, {
    next: () => structuredClone(decoded),
    prepare: onlyEphemeral,
    isTrusted: true,
  });
  return objectAnswer(call, definition, plane, { status: 200, object });
};

const patch: Handler = (call, definition, plane) =>
  patchObject(writeOf(call, definition, plane), call.info.name, { prepare: onlyEphemeral, isTrusted: true });

export const ephemeralContainers: Subresource = { kind: 'Pod', handlers: { get, update, patch } };
