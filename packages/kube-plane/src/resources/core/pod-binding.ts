// POST …/pods/x/binding: the scheduler gives a pod to a node.
import { isRecord } from '@pergola/kernel';
import type { Handler } from '../../contract.ts';
import { faults, fieldFaults } from '../../faults.ts';
import { jsonAnswer, successObject } from '../../render/status.ts';
import { decodeBody } from '../../request/body.ts';
import { timestamp, writeOf } from '../../verbs/write.ts';
import { updateObject } from '../../verbs/update.ts';
import { records } from './pod-defaults.ts';

export const binding: Handler = async (call, definition, plane) => {
  const { value } = await decodeBody(call);
  const body = isRecord(value) ? value : {};
  const target = isRecord(body['target']) ? body['target'] : {};
  const metadata = isRecord(body['metadata']) ? body['metadata'] : {};
  const nodeName = String(target['name'] ?? '');
  const { name } = call.info;
  if (nodeName === '') {
    throw faults.invalid({ group: '', kind: 'Binding' }, name, [fieldFaults.required('target.name')]);
  }
  await updateObject(writeOf(call, definition, plane), name, {
    next: (current) => current,
    prepare(object) {
      const refuse = (why: string) => faults.conflict({ group: '', resource: 'pods/binding' }, name, why);
      if (
        typeof metadata['uid'] === 'string' &&
        metadata['uid'] !== '' &&
        metadata['uid'] !== object.metadata.uid
      ) {
        throw refuse(
          `Precondition failed: UID in precondition: ${metadata['uid']}, UID in object meta: ${object.metadata.uid}`,
        );
      }
      if (object.metadata.deletionTimestamp !== undefined) {
        throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
      }
      const spec = { ...(object['spec'] as Record<string, unknown>) };
      if (spec['nodeName'])
        throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(spec['nodeName'])}`);
      spec['nodeName'] = nodeName;
      object['spec'] = spec;
      object['status'] = scheduled(object['status'], timestamp(plane));
    },
    isTrusted: true,
  });
  return jsonAnswer(201, successObject());
};

/** Sets the condition PodScheduled to True. */
function scheduled(status: unknown, nowIso: string): Record<string, unknown> {
  const fields: Record<string, unknown> = isRecord(status) ? status : {};
  const others = records(fields['conditions']).filter((condition) => condition['type'] !== 'PodScheduled');
  const condition = { type: 'PodScheduled', status: 'True', lastTransitionTime: nowIso };
  return { ...fields, conditions: [...others, condition] };
}
