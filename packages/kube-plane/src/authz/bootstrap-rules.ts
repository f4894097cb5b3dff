// Short forms to write RBAC rules with, for the default roles.
import type { PolicyRule } from '../contract.ts';

/** Rules on resources: group, resources and verbs as space-separated words (`core` is the group ''). */
export function on(groups: string, resources: string, verbs: string): PolicyRule {
  const apiGroups = words(groups).map((group) => (group === 'core' ? '' : group));
  return { apiGroups, resources: words(resources), verbs: words(verbs) };
}

/** Rules on paths. */
export function paths(list: string, verbs = 'get'): PolicyRule {
  return { nonResourceURLs: words(list), verbs: words(verbs) };
}

export const READ = 'get list watch';
export const WRITE = 'create delete deletecollection patch update';

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
