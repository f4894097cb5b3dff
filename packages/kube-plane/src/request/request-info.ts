// What a request asks for, read from its method and path alone, as k8s.io/apiserver/pkg/endpoints/request does.
// Authorization and dispatch both read it, so they can never disagree.
import { parseFieldSelector } from '../selectors/field-selector.ts';

/** Lower-case Kubernetes verbs; for paths outside the API the HTTP method in lower case. */
export type Verb = string;

export interface RequestInfo {
  readonly isResource: boolean;
  readonly path: string;
  readonly verb: Verb;
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  /** The plural; '' for discovery of a group version. */
  readonly resource: string;
  readonly subresource: string;
  /** '' when the request is for a collection. */
  readonly name: string;
  /** What follows the subresource, e.g. the path of a proxy request. */
  readonly rest: readonly string[];
}

const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

/** Never fails: a path that is not of the API is a non-resource request. Throws URIError for a bad escape. */
export function requestInfoOf(method: string, path: string, query: URLSearchParams): RequestInfo {
  // Unescaped before it is split, as Go does: no segment can hold a slash and so reach into another key.
  const segments = decodeURIComponent(path)
    .split('/')
    .filter((segment) => segment !== '');
  const outside: RequestInfo = {
    isResource: false,
    path,
    verb: method.toLowerCase(),
    group: '',
    version: '',
    namespace: '',
    resource: '',
    subresource: '',
    name: '',
    rest: [],
  };
  const prefix = segments[0] === 'api' ? 2 : segments[0] === 'apis' ? 3 : 0;
  if (prefix === 0 || segments.length <= prefix) return outside;
  // OpenShift Cluster Manager's paths begin as the core group's do, and are no resources of the cluster.
  if (prefix === 2 && segments[1]?.endsWith('_mgmt')) return outside;
  const group = prefix === 2 ? '' : (segments[1] ?? '');
  const version = segments[prefix - 1] ?? '';
  const target = targetOf(segments.slice(prefix));
  const info = { ...outside, ...target, isResource: true, group, version };
  return { ...info, ...verbOf(method, info.name, query) };
}

interface Target {
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  readonly rest: readonly string[];
}

function targetOf(parts: readonly string[]): Target {
  let namespace = '';
  let rest = parts;
  if (parts[0] === 'namespaces' && parts.length > 1) {
    namespace = parts[1] ?? '';
    if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2] ?? '')) rest = parts.slice(2);
  }
  const [resource = '', name = '', subresource = ''] = rest;
  return { namespace, resource, name, subresource, rest: rest.slice(3) };
}

const WRITES: Readonly<Record<string, Verb>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

function verbOf(method: string, name: string, query: URLSearchParams): { verb: Verb; name: string } {
  if (method === 'DELETE') return { verb: name === '' ? 'deletecollection' : 'delete', name };
  if (method !== 'GET' && method !== 'HEAD') return { verb: WRITES[method] ?? method.toLowerCase(), name };
  const watch = ['true', '1', ''].includes(query.get('watch') ?? 'false');
  if (name !== '' && !watch) return { verb: 'get', name };
  // A selector for one name lets RBAC's resourceNames allow a list or a watch.
  return { verb: watch ? 'watch' : 'list', name: name === '' ? selectedName(query) : name };
}

/** Read by the selector's own parser: authorization and the list must never see two different selectors. */
function selectedName(query: URLSearchParams): string {
  try {
    return parseFieldSelector(query.get('fieldSelector') ?? '').pinned('metadata.name') ?? '';
  } catch {
    // A selector that cannot be read names nothing; whoever lists by it says what is wrong.
    return '';
  }
}
