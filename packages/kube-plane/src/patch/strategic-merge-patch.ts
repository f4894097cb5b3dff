// Strategic merge patch: a merge patch whose lists merge by key, as the schema says, steered by `$` directives.
// Follows k8s.io/apimachinery/pkg/util/strategicpatch.
import { isRecord, jsonEqual } from '@pergola/kernel';
import { faults } from '../faults.ts';
import { childSchema, openSchema } from '../schema/child-schema.ts';
import type { KubeSchema, SchemaSource } from '../schema/schema.ts';
import { type ListPatch, mergeKeyedList, mergePrimitiveList } from './strategic-list.ts';

type Fields = Record<string, unknown>;

const directive = '$patch';
const retainKeys = '$retainKeys';
const deleteFromPrefix = '$deleteFromPrimitiveList/';
const setOrderPrefix = '$setElementOrder/';

/**
 * The result of `patch` on `original`; neither is changed. `schema` is the kind's own.
 * @throws KubeStatus 400 when a directive is malformed or a list item lacks its merge key.
 */
export function applyStrategicMergePatch(
  original: unknown,
  patch: unknown,
  schema: KubeSchema,
  source: SchemaSource,
): unknown {
  if (!isRecord(patch)) throw faults.badRequest('a strategic merge patch must be a JSON object');
  return mergeMaps(isRecord(original) ? original : {}, patch, { schema: openSchema(schema, source), source });
}

/** The schema of the value being merged; undefined where nothing is known, which merges as RFC 7386 does. */
export interface MergeContext {
  readonly schema: KubeSchema | undefined;
  readonly source: SchemaSource;
}

export function mergeMaps(original: Fields, patch: Fields, context: MergeContext): Fields {
  const wanted = patch[directive];
  if (wanted === 'delete') return {};
  if (wanted === 'replace') return withoutDirectives(patch);
  if (wanted !== undefined && wanted !== 'merge') {
    throw faults.badRequest(`unknown patch type found: ${JSON.stringify(wanted)}`);
  }
  const result = retained(original, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key === directive || key === retainKeys || key === '__proto__') continue;
    if (key.startsWith(deleteFromPrefix)) applyDeletions(result, key.slice(deleteFromPrefix.length), value);
    else if (key.startsWith(setOrderPrefix))
      applyOrder(result, key.slice(setOrderPrefix.length), patch, context);
    else if (value === null) delete result[key];
    else result[key] = mergeField(result[key], value, fieldOf(key, patch, context));
  }
  return result;
}

/** What a field's merge needs: its schema, the order wanted by the patch. */
interface FieldPatch {
  readonly key: string;
  readonly raw: KubeSchema | undefined;
  readonly context: MergeContext;
  readonly order: readonly unknown[] | undefined;
}

function fieldOf(key: string, patch: Fields, context: MergeContext): FieldPatch {
  const child = context.schema && childSchema(context.schema, key);
  const raw = child === 'open' ? undefined : child;
  const schema = raw && openSchema(raw, context.source);
  const order = patch[setOrderPrefix + key];
  return { key, raw, context: { ...context, schema }, order: Array.isArray(order) ? order : undefined };
}

function mergeField(original: unknown, patch: unknown, field: FieldPatch): unknown {
  const strategies = field.raw?.['x-kubernetes-patch-strategy']?.split(',') ?? [];
  if (isRecord(patch)) {
    if (strategies.includes('replace') && patch[directive] === undefined) return withoutDirectives(patch);
    return mergeMaps(isRecord(original) ? original : {}, patch, field.context);
  }
  if (!Array.isArray(patch)) return patch;
  if (!strategies.includes('merge')) return withoutListDirectives(patch);
  return mergeList(Array.isArray(original) ? original : [], patch, field);
}

function mergeList(original: readonly unknown[], patch: readonly unknown[], field: FieldPatch): unknown {
  const mergeKey = field.raw?.['x-kubernetes-patch-merge-key'];
  const lists: ListPatch = { original, patch, order: field.order };
  if (mergeKey === undefined) return mergePrimitiveList(lists);
  const items = field.context.schema?.items;
  const context = { ...field.context, schema: items && openSchema(items, field.context.source) };
  return mergeKeyedList(lists, mergeKey, (item, change) => mergeMaps(item, change, context));
}

/** `$retainKeys` lists the only fields of the original that stay. */
function retained(original: Fields, patch: Fields): Fields {
  const keys = patch[retainKeys];
  if (keys === undefined) return { ...original };
  if (!Array.isArray(keys)) throw faults.badRequest('invalid patch format of $retainKeys list');
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)));
}

function applyDeletions(result: Fields, key: string, values: unknown): void {
  if (!Array.isArray(values)) throw faults.badRequest('invalid patch format of $deleteFromPrimitiveList');
  const list = result[key];
  if (!Array.isArray(list)) return;
  result[key] = list.filter((item) => !values.some((value) => jsonEqual(item, value)));
}

/** An order without a change of the list itself: only sorts what is there. */
function applyOrder(result: Fields, key: string, patch: Fields, context: MergeContext): void {
  const list = result[key];
  if (patch[key] !== undefined || !Array.isArray(list)) return;
  result[key] = mergeField(list, [], fieldOf(key, patch, context));
}

function withoutDirectives(patch: Fields): Fields {
  const kept = Object.entries(patch).filter(([key, value]) => !isDirective(key) && value !== null);
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      isRecord(value) ? withoutDirectives(value) : withoutListDirectives(value),
    ]),
  );
}

function withoutListDirectives(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value
    .filter((item) => !(isRecord(item) && item[directive] !== undefined))
    .map((item) => (isRecord(item) ? withoutDirectives(item) : item));
}

function isDirective(key: string): boolean {
  if (key === directive || key === retainKeys || key === '__proto__') return true;
  return key.startsWith(deleteFromPrefix) || key.startsWith(setOrderPrefix);
}
