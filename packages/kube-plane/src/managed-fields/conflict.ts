// What a server-side apply says when it would take fields from another manager.
import { KubeStatus } from '../kube-status.ts';
import { type FieldSet, pathsOf } from './field-set.ts';
import { renderPath } from './fields-v1.ts';
import type { ManagerIdentity } from './managers.ts';

/** The fields of one manager that an apply would change. */
export interface Conflict extends ManagerIdentity {
  readonly set: FieldSet;
}

/** `"kubectl-create" using v1`, `"operator" with subresource "status"`. */
function renderManager({ manager, operation, apiVersion, subresource }: ManagerIdentity): string {
  const name =
    JSON.stringify(manager) + (subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

/** The 409 Status with one cause a field. */
export function conflictStatus(conflicts: readonly Conflict[]): KubeStatus {
  const rows = conflicts
    .flatMap((conflict) =>
      pathsOf(conflict.set).map((path) => ({ by: renderManager(conflict), field: renderPath(path) })),
    )
    .sort((a, b) => (a.by === b.by ? 0 : a.by < b.by ? -1 : 1));
  const causes = rows.map(({ by, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${by}`,
    field,
  }));
  return new KubeStatus(409, 'Conflict', sentence(rows), { causes });
}

function sentence(rows: readonly { by: string; field: string }[]): string {
  const [only, ...others] = rows;
  if (only && others.length === 0) {
    return `Apply failed with 1 conflict: conflict with ${only.by}: ${only.field}`;
  }
  const lines = [...new Set(rows.map(({ by }) => by))].flatMap((by) => [
    `conflicts with ${by}:`,
    ...rows.filter((row) => row.by === by).map(({ field }) => `- ${field}`),
  ]);
  return `Apply failed with ${rows.length} conflicts: ${lines.join('\n')}`;
}
