// Which nodes may run a pod: the filters of kube-scheduler that need only the pod and the node, each with the words
// it is known by.
import { type KubeResource, type LabelRequirement, requirementHolds } from '@pergola/kube-client';

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** A filter returns why the node will not do, or undefined. */
type Filter = (pod: KubeResource, node: KubeResource) => string | undefined;

/** In kube-scheduler's order; the first reason counts. */
const filters: readonly Filter[] = [
  (pod, node) =>
    node.spec?.unschedulable && !toleratesUnschedulable(pod) ? 'node(s) were unschedulable' : undefined,
  (pod, node) => {
    const taint = untoleratedTaint(pod, node);
    return taint && `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  },
  (pod, node) =>
    selectorAllows(pod, node) && affinityAllows(pod, node)
      ? undefined
      : "node(s) didn't match Pod's node affinity/selector",
];

/** Why `node` cannot run `pod`; undefined when it can. */
export function refusalOf(pod: KubeResource, node: KubeResource): string | undefined {
  for (const filter of filters) {
    const reason = filter(pod, node);
    if (reason) return reason;
  }
  return undefined;
}

function toleratesUnschedulable(pod: KubeResource): boolean {
  return tolerates(pod, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });
}

function untoleratedTaint(pod: KubeResource, node: KubeResource): Taint | undefined {
  const taints: readonly Taint[] = node.spec?.taints ?? [];
  return taints.find((taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(pod, taint));
}

function tolerates(pod: KubeResource, taint: Taint): boolean {
  const tolerations: readonly Toleration[] = pod.spec?.tolerations ?? [];
  return tolerations.some(({ key, operator = 'Equal', value = '', effect }) => {
    if (effect && effect !== taint.effect) return false;
    if (key && key !== taint.key) return false;
    return operator === 'Exists' || (Boolean(key) && value === (taint.value ?? ''));
  });
}

function selectorAllows(pod: KubeResource, node: KubeResource): boolean {
  const selector: Record<string, string> = pod.spec?.nodeSelector ?? {};
  return Object.entries(selector).every(([key, value]) => node.metadata.labels?.[key] === value);
}

/** requiredDuringSchedulingIgnoredDuringExecution: one of its terms suffices; an empty term allows nothing. */
function affinityAllows(pod: KubeResource, node: KubeResource): boolean {
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!required) return true;
  const terms: { matchExpressions?: LabelRequirement[]; matchFields?: LabelRequirement[] }[] =
    required.nodeSelectorTerms ?? [];
  return terms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false;
    const name = { 'metadata.name': node.metadata.name };
    return (
      matchExpressions.every((requirement) => satisfies(requirement, node.metadata.labels ?? {})) &&
      matchFields.every((requirement) => satisfies(requirement, name))
    );
  });
}

/** A requirement of a node selector: that of a label selector, and Gt and Lt. */
function satisfies(requirement: LabelRequirement, labels: Readonly<Record<string, string>>): boolean {
  const { key, operator, values = [] } = requirement;
  if (operator === 'Gt') return Number.parseInt(labels[key] ?? '', 10) > Number(values[0]);
  if (operator === 'Lt') return Number.parseInt(labels[key] ?? '', 10) < Number(values[0]);
  return requirementHolds(requirement, labels);
}
