// Whether a set of rules covers another, for the escalation check: nobody grants what they do not hold.
import type { AuthorizationAttributes, PolicyRule, UserInfo } from '../contract.ts';
import { ruleAllows } from './rule-matching.ts';

const ANYONE: UserInfo = { username: '', groups: [] };

/** The rules of `wanted`, split to single permissions, that `held` does not cover. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(singles).filter((single) => !held.some((rule) => covers(rule, single)));
}

/** One verb on one resource (and name), or on one path. */
function singles(rule: PolicyRule): PolicyRule[] {
  const resources = (rule.resources ?? []).flatMap((resource) =>
    (rule.apiGroups ?? []).flatMap((group) =>
      rule.verbs.flatMap((verb): PolicyRule[] => {
        const single = { verbs: [verb], apiGroups: [group], resources: [resource] };
        const names = rule.resourceNames ?? [];
        return names.length === 0 ? [single] : names.map((name) => ({ ...single, resourceNames: [name] }));
      }),
    ),
  );
  const paths = (rule.nonResourceURLs ?? []).flatMap((path) =>
    rule.verbs.map((verb): PolicyRule => ({ verbs: [verb], nonResourceURLs: [path] })),
  );
  return [...resources, ...paths];
}

/** A single permission is covered when the rule would allow it read as a request; `*` then matches only `*`. */
function covers(rule: PolicyRule, single: PolicyRule): boolean {
  const isNameless = single.resourceNames === undefined;
  if (isNameless && (rule.resourceNames?.length ?? 0) > 0) return false;
  return ruleAllows(rule, asRequest(single));
}

function asRequest({
  verbs,
  apiGroups,
  resources,
  resourceNames,
  nonResourceURLs,
}: PolicyRule): AuthorizationAttributes {
  const first = (values: readonly string[] | undefined) => values?.[0] ?? '';
  const [resource = '', subresource = ''] = first(resources).split('/');
  return {
    user: ANYONE,
    verb: first(verbs),
    group: first(apiGroups),
    resource,
    subresource,
    namespace: '',
    name: first(resourceNames),
    path: nonResourceURLs?.[0],
  };
}

/** `{APIGroups:["apps"], Resources:["deployments"], Verbs:["create"]}`, as upstream prints rules. */
export function renderRule(rule: PolicyRule): string {
  const part = (name: string, values: readonly string[] | undefined) =>
    values && values.length > 0
      ? [`${name}:[${values.map((value) => JSON.stringify(value)).join(' ')}]`]
      : [];
  const parts = [
    ...part('APIGroups', rule.apiGroups),
    ...part('Resources', rule.resources),
    ...part('ResourceNames', rule.resourceNames),
    ...part('NonResourceURLs', rule.nonResourceURLs),
    ...part('Verbs', rule.verbs),
  ];
  return `{${parts.join(', ')}}`;
}
