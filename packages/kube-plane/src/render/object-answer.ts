// Answers that carry objects: as stored, as PartialObjectMetadata or as a Table, in JSON or YAML.
import type { Call, Plane, ResourceDefinition, WholeAnswer } from '../contract.ts';
import type { KubeObject } from '../object.ts';
import { decodeStored, servedText, textOf } from '../storage/objects.ts';
import { tableFor } from '../tables/table.ts';
import { type Negotiated, negotiate } from './accept.ts';

const META_V1 = 'meta.k8s.io/v1';

/** An answer with one object that is at hand. */
export async function objectAnswer(
  call: Call,
  definition: ResourceDefinition,
  plane: Plane,
  result: { readonly status: number; readonly object: Record<string, unknown> },
): Promise<WholeAnswer> {
  const negotiated = negotiate(call.headers.accept);
  const object = result.object as KubeObject;
  const isKind = object.kind === definition.kind;
  const shaped =
    negotiated.shape === 'object' || !isKind
      ? object
      : negotiated.shape === 'metadata'
        ? partialMetadata(object)
        : tableFor(definition, [object], tableOptions(call, plane));
  return encoded(negotiated, result.status, textOf(shaped));
}

/** An answer with one object as its stored text; not parsed when it is served as it is. */
export async function textAnswer(
  call: Call,
  definition: ResourceDefinition,
  plane: Plane,
  text: string,
): Promise<WholeAnswer> {
  const negotiated = negotiate(call.headers.accept);
  if (negotiated.shape === 'object') return encoded(negotiated, 200, servedText(definition, text));
  return objectAnswer(call, definition, plane, { status: 200, object: decodeStored(definition, text) });
}

export interface ListResult {
  /** Stored texts of the items. */
  readonly texts: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** An answer with a list. */
export async function listAnswer(
  call: Call,
  definition: ResourceDefinition,
  plane: Plane,
  list: ListResult,
): Promise<WholeAnswer> {
  const negotiated = negotiate(call.headers.accept);
  return encoded(negotiated, 200, listText(call, definition, plane, { ...list, shape: negotiated.shape }));
}

function listText(
  call: Call,
  definition: ResourceDefinition,
  plane: Plane,
  list: ListResult & { readonly shape: Negotiated['shape'] },
): string {
  const { texts, metadata, shape } = list;
  if (shape === 'object') {
    const { group, version } = definition;
    const head = {
      kind: definition.listKind,
      apiVersion: group === '' ? version : `${group}/${version}`,
      metadata,
    };
    const items = texts.map((text) => servedText(definition, text)).join(',');
    return `${JSON.stringify(head).slice(0, -1)},"items":[${items}]}`;
  }
  const objects = texts.map((text) => decodeStored(definition, text));
  if (shape === 'metadata') {
    const items = objects.map(partialMetadata);
    return JSON.stringify({ kind: 'PartialObjectMetadataList', apiVersion: META_V1, metadata, items });
  }
  return JSON.stringify({ ...tableFor(definition, objects, tableOptions(call, plane)), metadata });
}

export interface TableOptions {
  readonly nowMs: number;
  readonly includeObject: 'None' | 'Metadata' | 'Object';
}

export function tableOptions(call: Call, plane: Plane): TableOptions {
  const include = call.query.get('includeObject');
  return {
    nowMs: plane.clock.nowMs(),
    includeObject: include === 'None' || include === 'Object' ? include : 'Metadata',
  };
}

export function partialMetadata(object: KubeObject): Record<string, unknown> {
  return { kind: 'PartialObjectMetadata', apiVersion: META_V1, metadata: object.metadata };
}

async function encoded(negotiated: Negotiated, status: number, json: string): Promise<WholeAnswer> {
  if (negotiated.format === 'json') {
    return { status, headers: { 'Content-Type': 'application/json' }, body: `${json}\n` };
  }
  const { stringify } = await import('yaml');
  return { status, headers: { 'Content-Type': 'application/yaml' }, body: stringify(JSON.parse(json)) };
}
