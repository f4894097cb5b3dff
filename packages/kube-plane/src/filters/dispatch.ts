// Last filter: the handler for the resource and verb, or for the path.
import type { Call, Handler, ResourceDefinition, WholeAnswer } from '../contract.ts';
import { discoveryAnswer } from '../discovery/index.ts';
import { faults } from '../faults.ts';
import { genericVerbs } from '../verbs/index.ts';
import type { Filter } from './filter.ts';

/** No Status: clients tell by its absence that the path itself is not served, and say so with the resource's name. */
const PAGE_NOT_FOUND: WholeAnswer = {
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  body: '404 page not found\n',
};

export const dispatch: Filter = async (call, plane) => {
  const { info } = call;
  if (!info.isResource || info.resource === '') {
    return (await discoveryAnswer(call, plane)) ?? PAGE_NOT_FOUND;
  }
  const definition = plane.resources.find(info.group, info.version, info.resource);
  if (!definition || isMisplaced(call, definition)) return PAGE_NOT_FOUND;
  return handlerFor(call, definition)(call, definition, plane);
};

/** A namespaced object is not found outside a namespace, nor a cluster-wide one inside; lists may span namespaces. */
function isMisplaced(call: Call, definition: ResourceDefinition): boolean {
  const { info } = call;
  if (!definition.namespaced) return info.namespace !== '' && info.resource !== 'namespaces';
  if (info.namespace !== '') return false;
  return !['list', 'watch', 'deletecollection', 'create'].includes(info.verb);
}

function handlerFor(call: Call, definition: ResourceDefinition): Handler {
  const { info } = call;
  if (info.subresource === '') {
    const handler = definition.handlers
      ? definition.handlers[info.verb]
      : genericHandler(definition, info.verb);
    if (handler) return handler;
    throw methodNotSupported(call);
  }
  const { subresources } = definition;
  const subresource = Object.hasOwn(subresources, info.subresource)
    ? subresources[info.subresource]
    : undefined;
  if (!subresource) throw faults.noSuchResource();
  const handler = subresource.handlers[info.verb];
  if (handler) return handler;
  throw methodNotSupported(call);
}

function genericHandler(definition: ResourceDefinition, verb: string): Handler | undefined {
  return definition.verbs.includes(verb) ? genericVerbs[verb] : undefined;
}

function methodNotSupported(call: Call) {
  return faults.methodNotSupported({ group: call.info.group, resource: call.info.resource }, call.info.verb);
}
