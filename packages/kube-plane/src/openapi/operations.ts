// The operations of one path: verbs, parameters, bodies and answers.
import { metaPackage } from '../schema/definition-name.ts';

/** What a path is about. */
export interface OperationSubject {
  readonly resource: {
    readonly group: string;
    readonly version: string;
    readonly namespaced: boolean;
    readonly kind: string;
  };
  /** The kind of bodies and answers; a subresource may have another than its resource. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  /** Definition names. */
  readonly schema: string;
  readonly listSchema: string;
  /** Built-in kinds take strategic merge patches, custom ones do not. */
  readonly isBuiltin: boolean;
}

/** Objects of a namespace or a cluster, of all namespaces, or one object. */
export type PathScope = 'collection' | 'everywhere' | 'item';

interface Verb {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly action: string;
  readonly query: readonly string[];
}

const writeQuery = ['dryRun', 'fieldManager', 'fieldValidation'];
const deleteQuery = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy'];
const listQuery = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];

const verbs: Readonly<Record<string, Verb>> = {
  get: { method: 'get', action: 'get', query: [] },
  list: { method: 'get', action: 'list', query: listQuery },
  create: { method: 'post', action: 'post', query: writeQuery },
  update: { method: 'put', action: 'put', query: writeQuery },
  patch: { method: 'patch', action: 'patch', query: [...writeQuery, 'force'] },
  delete: { method: 'delete', action: 'delete', query: deleteQuery },
  deletecollection: { method: 'delete', action: 'deletecollection', query: [...deleteQuery, ...listQuery] },
};

const integers = new Set(['limit', 'timeoutSeconds', 'gracePeriodSeconds']);
const booleans = new Set(['watch', 'allowWatchBookmarks', 'sendInitialEvents', 'orphanDependents', 'force']);

/** The path item for `names` of verbs, or undefined when none of them has an operation. */
export function pathItem(
  subject: OperationSubject,
  names: readonly string[],
  scope: PathScope,
): Record<string, unknown> | undefined {
  const operations = names.flatMap((name) => {
    const verb = verbs[name];
    return verb ? [[verb.method, operation(subject, verb, scope)] as const] : [];
  });
  if (operations.length === 0) return undefined;
  const inPath = [
    ...(subject.resource.namespaced && scope !== 'everywhere' ? ['namespace'] : []),
    ...(scope === 'item' ? ['name'] : []),
  ];
  const parameters = inPath.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', uniqueItems: true },
  }));
  return { ...Object.fromEntries(operations), parameters };
}

function operation(subject: OperationSubject, verb: Verb, scope: PathScope): Record<string, unknown> {
  const { group, version, kind } = subject.kind;
  const body = requestBody(subject, verb);
  return {
    tags: [tagOf(subject)],
    operationId: operationId(subject, verb, scope),
    parameters: verb.query.map(queryParameter),
    ...(body ? { requestBody: body } : {}),
    responses: responses(answerSchema(subject, verb), verb),
    'x-kubernetes-action': verb.action,
    'x-kubernetes-group-version-kind': { group, kind, version },
  };
}

function queryParameter(name: string): Record<string, unknown> {
  const type = integers.has(name) ? 'integer' : booleans.has(name) ? 'boolean' : 'string';
  return { name, in: 'query', schema: { type, uniqueItems: true } };
}

function reference(name: string) {
  return { schema: { $ref: `#/components/schemas/${name}` } };
}

function requestBody(subject: OperationSubject, verb: Verb): Record<string, unknown> | undefined {
  if (verb.method === 'get') return undefined;
  if (verb.method === 'delete') return { content: { '*/*': reference(`${metaPackage}.DeleteOptions`) } };
  if (verb.method !== 'patch') return { content: { '*/*': reference(subject.schema) }, required: true };
  const types = [
    'application/apply-patch+yaml',
    'application/json-patch+json',
    'application/merge-patch+json',
    ...(subject.isBuiltin ? ['application/strategic-merge-patch+json'] : []),
  ];
  const patch = reference(`${metaPackage}.Patch`);
  return { content: Object.fromEntries(types.map((type) => [type, patch])), required: true };
}

function answerSchema(subject: OperationSubject, verb: Verb): string {
  if (verb.action === 'list') return subject.listSchema;
  return verb.method === 'delete' ? `${metaPackage}.Status` : subject.schema;
}

function responses(schema: string, verb: Verb): Record<string, unknown> {
  const content = Object.fromEntries(
    ['application/json', 'application/yaml'].map((type) => [type, reference(schema)]),
  );
  const creates = verb.method === 'post' || verb.method === 'put' || verb.method === 'patch';
  return {
    '200': { description: 'OK', content },
    ...(creates ? { '201': { description: 'Created', content } } : {}),
    '401': { description: 'Unauthorized' },
  };
}

/** `core_v1`, `rbacAuthorization_v1`. */
function tagOf({ resource }: OperationSubject): string {
  return `${camel(groupWords(resource.group))}_${resource.version}`;
}

function operationId(subject: OperationSubject, verb: Verb, scope: PathScope): string {
  const { resource, kind } = subject;
  const words = [verb.action === 'get' ? 'read' : verb.action === 'put' ? 'replace' : verb.action];
  words.push(...groupWords(resource.group), resource.version);
  if (resource.namespaced && scope !== 'everywhere') words.push('namespaced');
  words.push(resource.kind);
  if (kind.kind !== resource.kind) words.push(kind.kind);
  if (scope === 'everywhere') words.push('forAllNamespaces');
  return camel(words);
}

function groupWords(group: string): string[] {
  return group === '' ? ['core'] : group.replace(/\.k8s\.io$/, '').split(/[.-]/);
}

function camel(words: readonly string[]): string {
  const [first = '', ...rest] = words;
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
