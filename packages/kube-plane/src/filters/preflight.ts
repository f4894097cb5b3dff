// First filter: what can be refused before anyone is asked who they are.
import { faults } from '../faults.ts';
import type { Filter } from './filter.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export const preflight: Filter = (call) => {
  if (!METHODS.has(call.method)) {
    throw faults.methodNotSupported({ group: call.info.group, resource: call.info.resource }, call.method);
  }
  return undefined;
};
