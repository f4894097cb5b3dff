// /openapi/v3: an index of one document for each group version, named by its hash and cached for ever.
import { createHash } from 'node:crypto';
import type { Answer, Call, Plane, ResourceDefinition } from '../contract.ts';
import { openapiV3, type ServedResource } from '../openapi/openapi-v3.ts';
import { builtins } from '../resources/define.ts';
import { jsonAnswer } from '../render/status.ts';

interface Document {
  readonly text: string;
  readonly hash: string;
}

/** Documents by path (`api/v1`, `apis/apps/v1`), for one state of the registry. */
interface Published {
  readonly generation: number;
  readonly documents: Map<string, Document>;
}

const published = new WeakMap<Plane, Published>();

export function openapiAnswer(call: Call, plane: Plane, path: string): Answer | undefined {
  if (path === '/openapi/v3') return jsonAnswer(200, { paths: index(plane) });
  if (!path.startsWith('/openapi/v3/')) return undefined;
  const document = documentOf(plane, path.slice('/openapi/v3/'.length));
  if (!document) return undefined;
  const wanted = call.query.get('hash');
  const immutable = wanted === document.hash;
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/json',
      ETag: `"${document.hash}"`,
      Vary: 'Accept',
      'Cache-Control': immutable ? 'public, immutable, max-age=31536000' : 'no-cache, private',
    },
    body: document.text,
  };
}

function index(plane: Plane): Record<string, { serverRelativeURL: string }> {
  const paths = [...new Set(plane.resources.all().map(pathOf))].toSorted();
  return Object.fromEntries(
    paths.map((path) => [
      path,
      { serverRelativeURL: `/openapi/v3/${path}?hash=${documentOf(plane, path)?.hash ?? ''}` },
    ]),
  );
}

function pathOf({ group, version }: ResourceDefinition): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

/** Built when first asked for, and again after the registry has changed. */
function documentOf(plane: Plane, path: string): Document | undefined {
  const generation = plane.resources.generation();
  let state = published.get(plane);
  if (state?.generation !== generation) {
    state = { generation, documents: new Map() };
    published.set(plane, state);
  }
  const known = state.documents.get(path);
  if (known) return known;
  const definitions = plane.resources.all().filter((definition) => pathOf(definition) === path);
  const [first] = definitions;
  if (!first) return undefined;
  const text = JSON.stringify(openapiV3(first, definitions.map(servedResource), builtins));
  const hash = createHash('sha256').update(text).digest('hex').toUpperCase();
  const document = { text, hash };
  state.documents.set(path, document);
  return document;
}

function servedResource(definition: ResourceDefinition): ServedResource {
  const { group, version, kind, plural, singular, namespaced, verbs, schema } = definition;
  return {
    group,
    version,
    kind,
    plural,
    singular,
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
