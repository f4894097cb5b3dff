// Fourth filter: may the user do this? Everything that is not allowed is refused here and nowhere else.
import { denialSentence } from '../authz/denial.ts';
import type { AuthorizationAttributes, Call } from '../contract.ts';
import { faults } from '../faults.ts';
import type { Filter } from './filter.ts';

export const authorize: Filter = (call, plane) => {
  const attributes = attributesOf(call);
  const decision = plane.authorizer.authorize(attributes);
  call.notes.decision = decision;
  if (decision.allowed) return undefined;
  const more = decision.reason === '' ? '' : `: ${decision.reason}`;
  const why = denialSentence(attributes) + more;
  if (!call.info.isResource) throw faults.forbiddenPath(why);
  throw faults.forbidden({ group: call.info.group, resource: call.info.resource }, call.info.name, why);
};

export function attributesOf(call: Call): AuthorizationAttributes {
  const { info, user } = call;
  const discovery = !info.isResource || info.resource === '';
  return {
    user,
    verb: discovery ? call.method.toLowerCase() : info.verb,
    group: info.group,
    version: info.version,
    resource: info.resource,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name,
    path: discovery ? info.path : undefined,
  };
}
