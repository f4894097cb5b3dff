// …/pods/x/ephemeralcontainers: a running pod gains containers for debugging, and nothing else changes.
import type { Handler, Subresource } from '../../contract.ts';
import type { KubeObject } from '../../object.ts';
import { objectAnswer } from '../../render/object-answer.ts';
import { decodeObject } from '../../verbs/decode-object.ts';
import { get } from '../../verbs/get.ts';
import { patchObject } from '../../verbs/patch.ts';
import { assertNames, updateObject } from '../../verbs/update.ts';
import { writeOf } from '../../verbs/write.ts';

function onlyEphemeral(object: KubeObject, previous: KubeObject): void {
  const wanted = (object['spec'] as Record<string, unknown>)['ephemeralContainers'];
  object['spec'] = { ...(previous['spec'] as object), ephemeralContainers: wanted ?? [] };
  object['status'] = previous['status'];
  object.metadata = { ...previous.metadata };
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
