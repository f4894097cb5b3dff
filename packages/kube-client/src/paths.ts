// From resource types and names to request paths, as the API server's routes define them.
import { assert } from '@pergola/kernel';
import type { ListQuery, ResourceType, WatchQuery } from './client.ts';

/** The path of a collection (`name` absent), an object or a subresource. Throws BugError for names that cannot be a path segment. */
export function resourcePath(
  type: ResourceType,
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  let path = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  if (type.namespaced && namespace) path += `/namespaces/${segment(namespace)}`;
  path += `/${type.plural}`;
  if (name === undefined) return path;
  assert(!type.namespaced || namespace, 'an empty namespace may not be set when a resource name is provided');
  path += `/${segment(name)}`;
  return subresource ? `${path}/${subresource}` : path;
}

function segment(name: string): string {
  assert(
    name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name),
    `invalid path segment "${name}"`,
  );
  return encodeURIComponent(name);
}

/** Appends the parameters that have a value to `path`. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(key, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

/** The parameters of one page of a list. */
export function listParameters(query: ListQuery, page: { limit: number; continue?: string | undefined }) {
  return {
    labelSelector: query.labelSelector,
    fieldSelector: query.fieldSelector,
    limit: page.limit,
    continue: page.continue,
    // A continued list keeps the version of its first page; sending both is an error.
    resourceVersion: page.continue ? undefined : query.resourceVersion,
  };
}

/** The parameters of a watch that the server closes after `timeoutSeconds`. */
export function watchParameters(query: WatchQuery, timeoutSeconds: number) {
  return {
    watch: true,
    allowWatchBookmarks: true,
    labelSelector: query.labelSelector,
    fieldSelector: query.fieldSelector,
    resourceVersion: query.resourceVersion,
    timeoutSeconds,
    ...(query.sendInitialEvents ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } : {}),
  };
}
