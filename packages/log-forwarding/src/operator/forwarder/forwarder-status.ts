// The status of a forwarder as its API group writes it.
import type { KubeResource } from '@pergola/kube-client';
import { type Condition, type NewCondition, timed } from '../conditions.ts';
import type { ItemConditions, ItemKind } from '../validate/findings.ts';
import type { ForwarderRun } from './run.ts';

const kinds: readonly ItemKind[] = ['inputs', 'outputs', 'filters', 'pipelines'];

type Written = Pick<ForwarderRun, 'forwarder' | 'identity' | 'conditions' | 'findings' | 'nowMs'>;

export function statusOf(run: Written): object {
  return run.identity.apiVersion === 'logging.openshift.io/v1' ? legacyStatus(run) : observabilityStatus(run);
}

/** Items are a map by name. */
function legacyStatus({ forwarder, conditions, findings, nowMs }: Written): object {
  const before = forwarder['status'] ?? {};
  const named = (kind: ItemKind) => {
    const items = [...findings[kind]].map(([name, found]) => [
      name,
      timed(found, before[kind]?.[name], nowMs),
    ]);
    return [kind, Object.fromEntries(items)];
  };
  return {
    conditions: timed(conditions, before.conditions, nowMs),
    ...Object.fromEntries(kinds.filter((kind) => findings[kind].size > 0).map(named)),
  };
}

/** Items are one list for each kind; their names are in the conditions' types. */
function observabilityStatus(run: Written): object {
  const { forwarder, conditions, findings, nowMs } = run;
  const before: Record<string, Condition[]> = forwarder['status'] ?? {};
  const lists = kinds
    .filter((kind) => findings[kind].size > 0)
    .map((kind) => {
      const list = `${kind.slice(0, -1)}Conditions`;
      return [list, timed(complete(flat(findings[kind]), forwarder), before[list], nowMs)];
    });
  return {
    conditions: timed(complete(conditions, forwarder), before['conditions'], nowMs),
    ...Object.fromEntries(lists),
  };
}

function flat(items: ItemConditions): NewCondition[] {
  return [...items.values()].flat();
}

/** metav1.Condition has a reason and a message always. */
function complete(conditions: readonly NewCondition[], { metadata }: KubeResource): NewCondition[] {
  return conditions.map((condition) => ({
    reason: 'UnknownState',
    message: '',
    ...condition,
    observedGeneration: metadata.generation,
  }));
}
