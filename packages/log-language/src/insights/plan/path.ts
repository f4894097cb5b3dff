// Walking into maps and lists: `map.attribute`, `list[1]`.
import { isRecord, type Json } from '@pergola/kernel';
import { fromJson, type Value } from '../values/value.ts';

/** What the steps lead to; keys may hold dots. Absent when they lead nowhere. */
export function walkInto(value: Value, steps: readonly string[]): Value {
  if (typeof value !== 'object' || value.kind !== 'structure') return undefined;
  return fromJson(find(value.json, steps));
}

function find(json: Json | undefined, steps: readonly string[]): Json | undefined {
  if (steps.length === 0 || json === undefined) return json;
  if (Array.isArray(json)) {
    const [index = ''] = steps;
    return /^\d+$/.test(index) ? find((json as readonly Json[])[Number(index)], steps.slice(1)) : undefined;
  }
  if (!isRecord(json)) return undefined;
  // The single step first, then keys that hold dots themselves.
  for (let length = 1; length <= steps.length; length += 1) {
    const key = steps.slice(0, length).join('.');
    if (!Object.hasOwn(json, key)) continue;
    const found = find(json[key], steps.slice(length));
    if (found !== undefined) return found;
  }
  return undefined;
}
