// Whether one RBAC rule allows one request, as upstream's VerbMatches, ResourceMatches and friends.
import type { AuthorizationAttributes, PolicyRule } from '../contract.ts';

const includesOrAll = (values: readonly string[] | undefined, wanted: string) =>
  values !== undefined && (values.includes('*') || values.includes(wanted));

export function ruleAllows(rule: PolicyRule, attributes: AuthorizationAttributes): boolean {
  if (!includesOrAll(rule.verbs, attributes.verb)) return false;
  if (attributes.path !== undefined) return pathMatches(rule.nonResourceURLs, attributes.path);
  return (
    includesOrAll(rule.apiGroups, attributes.group) &&
    resourceMatches(rule.resources, attributes.resource, attributes.subresource) &&
    nameMatches(rule.resourceNames, attributes.name)
  );
}

function pathMatches(patterns: readonly string[] | undefined, path: string): boolean {
  return (patterns ?? []).some(
    (pattern) =>
      pattern === '*' ||
      pattern === path ||
      (pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, ''))),
  );
}

function resourceMatches(
  patterns: readonly string[] | undefined,
  resource: string,
  subresource: string,
): boolean {
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return (patterns ?? []).some(
    (pattern) =>
      pattern === '*' || pattern === combined || (subresource !== '' && pattern === `*/${subresource}`),
  );
}

function nameMatches(names: readonly string[] | undefined, name: string): boolean {
  return names === undefined || names.length === 0 || names.includes(name);
}
