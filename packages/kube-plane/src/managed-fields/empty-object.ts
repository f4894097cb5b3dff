// What an object of a kind looks like before anyone wrote to it. Go's built-in types always have their structs, so
// a first write does not own `spec` itself; custom resources have nothing.
import type { GroupVersionKind } from '../object.ts';
import { type FieldSpec, messageSpec } from '../protobuf/messages.ts';
import { wrappedDecoders } from '../protobuf/wrapped-values.ts';
import { definitionName } from '../schema/definition-name.ts';

const zeros: Readonly<Record<string, unknown>> = { s: '', b: false, i: 0, l: 0, d: 0 };

/** Empty objects by kind; there are no more than built-in kinds. */
const known = new Map<string, Readonly<Record<string, unknown>>>();

/** The fields that an empty object of the kind has; `{}` for custom resources. Not to be changed. */
export function emptyObject(gvk: GroupVersionKind): Readonly<Record<string, unknown>> {
  const name = definitionName(gvk);
  if (!messageSpec(name)) return {};
  const found = known.get(name) ?? emptyMessage(name, 0);
  known.set(name, found);
  return found;
}

function emptyMessage(name: string, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  if (depth > 10) return result;
  for (const field of messageSpec(name)?.values() ?? []) {
    const value = emptyField(field, depth);
    if (field.name === undefined) Object.assign(result, value);
    else if (value !== undefined) result[field.name] = value;
  }
  return result;
}

/** What Go writes for an empty field; undefined when it leaves the field out. */
function emptyField(field: FieldSpec, depth: number): unknown {
  if (field.form !== 'one') return field.always ? null : undefined;
  if (field.pointer) return undefined;
  if (field.scalar) return field.always ? (zeros[field.scalar] ?? null) : undefined;
  return wrappedDecoders[field.message] ? undefined : emptyMessage(field.message, depth + 1);
}
