// The OpenAPI v3 document of one group version: what kubectl create, apply, diff and explain read of a server.
import type { BuiltinSchemas } from '../schema/builtin.ts';
import { definitionName, metaPackage } from '../schema/definition-name.ts';
import type { KubeSchema } from '../schema/schema.ts';
import { type OperationSubject, pathItem } from './operations.ts';
import { type Published, publishSchema } from './publish-schema.ts';

/** A resource as the document describes it. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Kubernetes verbs: `get list watch create update patch delete deletecollection`. */
  readonly verbs: readonly string[];
  readonly subresources: readonly ServedSubresource[];
  /** For custom resources; built-in kinds are found by name. */
  readonly schema: KubeSchema;
}

export interface ServedSubresource {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  /** Of the kind, when it is not the resource's own group version. */
  readonly group?: string;
  readonly version?: string;
}

/** To be raised whenever the same resources make another document: clients keep documents by hash, for ever. */
export const DOCUMENT_VERSION = '1';

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** The document for `/openapi/v3/api/v1` or `/openapi/v3/apis/<group>/<version>`. */
export function openapiV3(
  gv: GroupVersion,
  resources: readonly ServedResource[],
  source: BuiltinSchemas,
): Record<string, unknown> {
  const components = new Components(source);
  const paths: Record<string, unknown> = {};
  for (const resource of resources) addPaths(paths, resource, components);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: gv.version },
    paths,
    components: { schemas: components.schemas() },
  };
}

function addPaths(paths: Record<string, unknown>, resource: ServedResource, components: Components): void {
  const { group, version, plural, namespaced, verbs } = resource;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const subject: OperationSubject = {
    resource,
    kind: resource,
    schema: components.kind(resource, resource.schema),
    listSchema: components.list(resource),
    isBuiltin: components.isBuiltin(resource),
  };
  const only = (...wanted: string[]) => verbs.filter((verb) => wanted.includes(verb));
  put(paths, collection, pathItem(subject, only('list', 'create', 'deletecollection'), 'collection'));
  if (namespaced) put(paths, `${root}/${plural}`, pathItem(subject, only('list'), 'everywhere'));
  put(paths, `${collection}/{name}`, pathItem(subject, only('get', 'update', 'patch', 'delete'), 'item'));
  for (const subresource of resource.subresources) {
    const kind = { group, version, ...subresource };
    const inner: OperationSubject = {
      ...subject,
      kind,
      schema: kind.kind === resource.kind ? subject.schema : components.kind(kind, undefined),
    };
    put(paths, `${collection}/{name}/${subresource.name}`, pathItem(inner, subresource.verbs, 'item'));
  }
}

function put(paths: Record<string, unknown>, path: string, item: Record<string, unknown> | undefined): void {
  if (item) paths[path] = item;
}

interface KindName extends GroupVersion {
  readonly kind: string;
}

/** The definitions that a document refers to, gathered as they are referred to. */
class Components {
  readonly #source: BuiltinSchemas;
  readonly #published = new Map<string, Published>();

  constructor(source: BuiltinSchemas) {
    this.#source = source;
    for (const name of ['DeleteOptions', 'Status', 'ListMeta', 'ObjectMeta'])
      this.#addBuiltin(`${metaPackage}.${name}`);
    this.#published.set(`${metaPackage}.Patch`, {
      type: 'object',
      description: 'Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.',
    });
  }

  isBuiltin(kind: KindName): boolean {
    return this.#source.definition(definitionName(kind)) !== undefined;
  }

  /** Adds the definition of a kind and returns its name. */
  kind(kind: KindName, schema: KubeSchema | undefined): string {
    const name = definitionName(kind);
    if (this.isBuiltin(kind)) this.#addBuiltin(name);
    else this.#add(name, this.#withResourceFields(schema ?? { type: 'object' }));
    this.#mark(name, kind);
    return name;
  }

  list(kind: KindName): string {
    const listKind = { ...kind, kind: `${kind.kind}List` };
    const name = definitionName(listKind);
    this.#add(name, {
      type: 'object',
      description: `${listKind.kind} is a list of ${kind.kind}.`,
      required: ['items'],
      properties: {
        apiVersion: { type: 'string' },
        items: { type: 'array', items: { $ref: definitionName(kind) } },
        kind: { type: 'string' },
        metadata: { $ref: `${metaPackage}.ListMeta` },
      },
    });
    this.#mark(name, listKind);
    return name;
  }

  schemas(): Record<string, unknown> {
    return Object.fromEntries([...this.#published].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #mark(name: string, { group, version, kind }: KindName): void {
    const published = this.#published.get(name);
    if (published) published['x-kubernetes-group-version-kind'] = [{ group, kind, version }];
  }

  #addBuiltin(name: string): void {
    if (this.#published.has(name)) return;
    const schema = this.#source.described(name);
    if (schema) this.#add(name, schema);
  }

  #add(name: string, schema: KubeSchema): void {
    if (this.#published.has(name)) return;
    const references = new Set<string>();
    this.#published.set(name, publishSchema(schema, references));
    for (const reference of references) this.#addBuiltin(reference);
  }

  /** Custom resources always have these, whether their schema says so or not, with the texts of the built-in kinds. */
  #withResourceFields(schema: KubeSchema): KubeSchema {
    const { apiVersion, kind, metadata: _, ...properties } = schema.properties ?? {};
    const builtin = this.#source.described('io.k8s.api.core.v1.ConfigMap')?.properties ?? {};
    return {
      ...schema,
      properties: {
        apiVersion: { type: 'string', ...builtin['apiVersion'], ...apiVersion },
        kind: { type: 'string', ...builtin['kind'], ...kind },
        metadata: builtin['metadata'] ?? { $ref: `${metaPackage}.ObjectMeta` },
        ...properties,
      },
    };
  }
}
