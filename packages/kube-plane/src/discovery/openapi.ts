// /openapi/v3: an index of one document for each group version, named by its hash, cached for ever by clients, and
// built when it is asked for.
import { createHash } from 'node:crypto';
import type { Answer, Call, Plane, ResourceDefinition } from '../contract.ts';
import { DOCUMENT_VERSION, openapiV3, type ServedResource } from '../openapi/openapi-v3.ts';
import { builtins } from '../resources/define.ts';
import { jsonAnswer } from '../render/status.ts';

/** The document of one group version. Its hash is known before it is built. */
interface Document {
  readonly hash: string;
  readonly text: () => string;
}

/** Documents by path (`api/v1`, `apis/apps/v1`), for one state of the registry. */
interface Published {
  readonly generation: number;
  readonly documents: ReadonlyMap<string, Document>;
}

const published = new WeakMap<Plane, Published>();

export function openapiAnswer(call: Call, plane: Plane, path: string): Answer | undefined {
  if (path === '/openapi/v3') return jsonAnswer(200, { paths: index(documentsOf(plane)) });
  const document = documentsOf(plane).get(path.replace('/openapi/v3/', ''));
  if (!document) return undefined;
  const etag = `"${document.hash}"`;
  const immutable = call.query.get('hash') === document.hash;
  const headers = {
    'Content-Type': 'application/json',
    ETag: etag,
    Vary: 'Accept',
    'Cache-Control': immutable ? 'public, immutable, max-age=31536000' : 'no-cache, private',
  };
  if (call.headers['if-none-match'] === etag) return { status: 304, headers, body: '' };
  return { status: 200, headers, body: document.text() };
}

function index(documents: ReadonlyMap<string, Document>): Record<string, { serverRelativeURL: string }> {
  const paths = [...documents].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(
    paths.map(([path, { hash }]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]),
  );
}

function pathOf({ group, version }: ResourceDefinition): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

/** Named when first asked for, and again after the registry has changed; what has not changed stays built. */
function documentsOf(plane: Plane): ReadonlyMap<string, Document> {
  const generation = plane.resources.generation();
  const before = published.get(plane);
  if (before?.generation === generation) return before.documents;
  const groups = new Map<string, ResourceDefinition[]>();
  for (const definition of plane.resources.all()) {
    const path = pathOf(definition);
    groups.set(path, [...(groups.get(path) ?? []), definition]);
  }
  const documents = new Map<string, Document>();
  for (const [path, members] of groups) {
    const document = documentOf(members);
    const known = before?.documents.get(path);
    documents.set(path, known?.hash === document.hash ? known : document);
  }
  published.set(plane, { generation, documents });
  return documents;
}

/** The hash is that of everything the text is made from: building all texts would hold up the server. */
function documentOf(definitions: readonly ResourceDefinition[]): Document {
  const parts = [DOCUMENT_VERSION, builtins.digest(), ...definitions.map(fingerprint)];
  const hash = createHash('sha256').update(parts.join('\n')).digest('hex').toUpperCase();
  let text: string | undefined;
  return {
    hash,
    text() {
      const [first] = definitions;
      text ??= first ? JSON.stringify(openapiV3(first, definitions.map(servedResource), builtins)) : '';
      return text;
    },
  };
}

const fingerprints = new WeakMap<ResourceDefinition, string>();

/** What the document says of one kind; the schemas of built-in kinds are in the digest of all. */
function fingerprint(definition: ResourceDefinition): string {
  const known = fingerprints.get(definition);
  if (known !== undefined) return known;
  const { schema, ...served } = servedResource(definition);
  const isBuiltin = builtins.definition(builtins.nameOf(definition)) !== undefined;
  const made = JSON.stringify(isBuiltin ? served : { ...served, schema });
  fingerprints.set(definition, made);
  return made;
}

function servedResource(definition: ResourceDefinition): ServedResource {
  const { group, version, kind, plural, namespaced, verbs, schema } = definition;
  return {
    group,
    version,
    kind,
    plural,
    namespaced,
    verbs,
    subresources: Object.entries(definition.subresources).map(([name, part]) => ({
      name,
      kind: part.kind,
      ...(part.group === undefined ? {} : { group: part.group, version: part.version }),
      verbs: Object.keys(part.handlers),
    })),
    schema,
  };
}
