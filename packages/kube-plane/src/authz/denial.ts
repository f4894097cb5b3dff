// The sentence of a refusal, as upstream's RBAC authorizer and k8s.io/apiserver word it.
import type { AuthorizationAttributes } from '../contract.ts';

/** `User "x" cannot get resource "pods" in API group "" in the namespace "y"`. */
export function denialSentence(attributes: AuthorizationAttributes): string {
  const user = JSON.stringify(attributes.user.username);
  if (attributes.path !== undefined) {
    return `User ${user} cannot ${attributes.verb} path ${JSON.stringify(attributes.path)}`;
  }
  const resource =
    attributes.subresource === '' ? attributes.resource : `${attributes.resource}/${attributes.subresource}`;
  const scope =
    attributes.namespace === ''
      ? 'at the cluster scope'
      : `in the namespace ${JSON.stringify(attributes.namespace)}`;
  return `User ${user} cannot ${attributes.verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(attributes.group)} ${scope}`;
}
