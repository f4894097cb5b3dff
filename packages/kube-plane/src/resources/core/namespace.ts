// Namespace: lives until its finalizer `kubernetes` is removed through …/finalize, which the namespace controller does.
import type { Handler } from '../../contract.ts';
import { fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { objectAnswer } from '../../render/object-answer.ts';
import { decodeObject } from '../../verbs/decode-object.ts';
import { trackFields } from '../../verbs/track-fields.ts';
import { assertNames, updateObject } from '../../verbs/update.ts';
import { writeOf } from '../../verbs/write.ts';
import { ALL_VERBS, defineResource } from '../define.ts';

/** The label that upstream's admission sets, for selectors by name. */
const NAME_LABEL = 'kubernetes.io/metadata.name';
const FINALIZER = 'kubernetes';
/** Never deleted. */
const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

const finalize: Handler = async (call, definition, plane) => {
  const write = writeOf(call, definition, plane);
  const decoded = await decodeObject(write);
  assertNames(write, decoded, call.info.name);
  const object = await updateObject(write, call.info.name, {
    next: (current) => trackFields(write, current, structuredClone(decoded)),
    prepare(next, previous) {
      const finalizers = specFinalizers(next);
      const { metadata, status } = previous;
      next.metadata = { ...metadata };
      next['status'] = status;
      next['spec'] = finalizers.length > 0 ? { finalizers } : {};
    },
  });
  return objectAnswer(call, definition, plane, { status: 200, object });
};

export const namespaces = defineResource({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  hasStatus: true,
  deleteReturnsObject: true,
  verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
  subresources: { finalize: { kind: 'Namespace', handlers: { update: finalize } } },
  strategy: {
    nameRule: 'label',
    applyDefaults(object) {
      if (object.metadata.name)
        object.metadata.labels = { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name };
    },
    prepareForCreate(object) {
      object['status'] = { phase: 'Active' };
      const finalizers = new Set([...specFinalizers(object), FINALIZER]);
      object['spec'] = { finalizers: [...finalizers] };
      object.metadata.labels = { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name };
    },
    prepareForUpdate(object, previous) {
      object['spec'] = previous['spec'];
    },
    validateUpdate: (object) =>
      specFinalizers(object).some((name) => name === '') ? [fieldFaults.required('spec.finalizers')] : [],
    beginTermination(object) {
      object['status'] = { ...(object['status'] as object), phase: 'Terminating' };
    },
    holdsTermination: (object) => specFinalizers(object).length > 0,
    fieldValues: (object) => ({
      'status.phase': (object['status'] as { phase?: string } | undefined)?.phase ?? '',
    }),
  },
});

function specFinalizers(object: KubeObject): string[] {
  const spec = object['spec'] as { finalizers?: string[] } | undefined;
  return spec?.finalizers ?? [];
}

/** Namespaces that admission refuses to delete. */
export function isImmortal(name: string): boolean {
  return IMMORTAL.has(name);
}
