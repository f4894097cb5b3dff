// POST …/pods/x/eviction: a deletion that respects disruption budgets.
import { isRecord } from '@pergola/kernel';
import type { Handler, Plane } from '../../contract.ts';
import { faults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { jsonAnswer, successObject } from '../../render/status.ts';
import { decodeBody } from '../../request/body.ts';
import { labelSelectorOf } from '../../selectors/label-selector.ts';
import { readObject } from '../../storage/objects.ts';
import { deleteObject } from '../../verbs/delete.ts';
import { resourceName, writeOf } from '../../verbs/write.ts';

export const eviction: Handler = async (call, definition, plane) => {
  const { value } = await decodeBody(call);
  const options = isRecord(value) && isRecord(value['deleteOptions']) ? value['deleteOptions'] : {};
  // To admission an eviction is the deletion of the pod.
  const write = { ...writeOf(call, definition, plane), subresource: '' };
  const { name } = call.info;
  const pod = readObject(plane.store, definition, write.namespace, name);
  if (!pod) throw faults.notFound(resourceName(definition), name);
  assertBudgetAllows(plane, pod.object);
  const preconditions = isRecord(options['preconditions']) ? options['preconditions'] : {};
  const grace = options['gracePeriodSeconds'];
  await deleteObject(write, name, {
    gracePeriodSeconds: typeof grace === 'number' ? grace : undefined,
    uid: typeof preconditions['uid'] === 'string' ? preconditions['uid'] : undefined,
    dryRun: write.options.dryRun,
  });
  return jsonAnswer(201, successObject());
};

/** Throws 429 when a budget that selects the running pod has no disruption left. */
function assertBudgetAllows(plane: Plane, pod: KubeObject): void {
  const phase = (pod['status'] as { phase?: string } | undefined)?.phase;
  if (phase !== 'Running') return;
  const budgets = plane.store
    .list(`kube/policy/poddisruptionbudgets/${pod.metadata.namespace}/`)
    .map((entry) => JSON.parse(entry.value) as KubeObject);
  for (const budget of budgets) {
    const spec = budget['spec'] as { selector?: unknown } | undefined;
    if (!labelSelectorOf(spec?.selector).matches(pod.metadata.labels)) continue;
    const allowed =
      (budget['status'] as { disruptionsAllowed?: number } | undefined)?.disruptionsAllowed ?? 0;
    if (allowed > 0) continue;
    throw faults.tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", 0, [
      {
        reason: 'DisruptionBudget',
        message: `The disruption budget ${budget.metadata.name} does not allow evicting pods currently`,
      },
    ]);
  }
}
