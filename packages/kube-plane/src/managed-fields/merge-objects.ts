// Lays an applied configuration over the live object.
import { isRecord } from '@pergola/kernel';
import type { SchemaSource } from '../schema/schema.ts';
import { itemsByElement } from './compare.ts';
import type { PathElement } from './field-set.ts';
import { fieldSchema, itemSchema, type NodeSchema, shapeOf } from './value-shape.ts';

/** `live` with all that `config` says; leaves of `config` win. Neither is changed. */
export function mergeObjects(
  live: unknown,
  config: unknown,
  schema: NodeSchema,
  source: SchemaSource,
): unknown {
  if (config === undefined) return live;
  if (live === undefined || live === null) return config;
  const shape = shapeOf(live, schema);
  if (shape === 'map' && (isRecord(config) || config === null)) {
    return mergeFields(live as Record<string, unknown>, config ?? {}, schema, source);
  }
  if (shape === 'list' && (Array.isArray(config) || config === null)) {
    return mergeItems({ live, config: config ?? [] }, schema, source);
  }
  return config;
}

function mergeFields(
  live: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
  schema: NodeSchema,
  source: SchemaSource,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...live };
  for (const [name, value] of Object.entries(config)) {
    const previous = Object.hasOwn(live, name) ? live[name] : undefined;
    const next = mergeObjects(previous, value, fieldSchema(schema, name, source), source);
    Object.defineProperty(merged, name, {
      value: next,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return merged;
}

/**
 * Items of both lists. Those of the configuration keep its order; those that only the live object has keep their
 * place before the next item that both have.
 */
function mergeItems(
  lists: { live: unknown; config: unknown },
  schema: NodeSchema,
  source: SchemaSource,
): unknown[] {
  const live = itemsByElement(lists.live, schema, source);
  const config = itemsByElement(lists.config, schema, source);
  const items = itemSchema(schema, source);
  const liveOrder = [...live.keys()];
  const configOrder = [...config.keys()];
  const merged: unknown[] = [];
  let at = 0;
  const takeLiveOnlyUntil = (stop: PathElement | undefined) => {
    while (at < liveOrder.length && liveOrder[at] !== stop) {
      const element = liveOrder[at++] ?? '';
      if (!config.has(element)) merged.push(live.get(element));
    }
  };
  for (const [index, element] of configOrder.entries()) {
    const nextShared = configOrder.slice(index).find((other) => live.has(other));
    takeLiveOnlyUntil(nextShared);
    merged.push(mergeObjects(live.get(element), config.get(element), items, source));
    if (element === nextShared && liveOrder[at] === element) at++;
  }
  takeLiveOnlyUntil(undefined);
  return merged;
}
