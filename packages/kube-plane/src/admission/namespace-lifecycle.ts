// NamespaceLifecycle: objects need a living namespace, and some namespaces never die.
import type { AdmissionRequest, Plane } from '../contract.ts';
import { faults } from '../faults.ts';
import { isImmortal } from '../resources/core/namespace.ts';
import { findObject } from '../storage/objects.ts';

const NAMESPACES = { group: '', plural: 'namespaces', namespaced: false };
/** Namespaced reviews are answered in a terminating namespace too; they store nothing. */
const REVIEWS = new Set(['localsubjectaccessreviews']);

export function namespaceLifecycle(request: AdmissionRequest, { store }: Pick<Plane, 'store'>): void {
  const { operation, definition, namespace, name } = request;
  const { group, plural } = definition.storedAs;
  if (operation === 'DELETE' && group === '' && plural === 'namespaces' && isImmortal(name)) {
    throw faults.forbidden({ group: '', resource: 'namespaces' }, name, 'this namespace may not be deleted');
  }
  if (operation !== 'CREATE' || namespace === '' || !definition.namespaced || REVIEWS.has(definition.plural))
    return;
  const found = findObject({ store }, NAMESPACES, '', namespace);
  if (!found) throw faults.notFound({ group: '', resource: 'namespaces' }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  throw faults.forbidden(
    { group: definition.group, resource: definition.plural },
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  );
}
