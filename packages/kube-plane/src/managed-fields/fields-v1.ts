// fieldsV1, the wire form of a field set, and the printed form of a path.
import { isRecord } from '@pergola/kernel';
import { emptySet, type FieldSet, type PathElement } from './field-set.ts';

type FieldsV1 = Record<string, unknown>;

/** `{"f:data":{".":{},"f:k":{}}}`; elements in order. */
export function encodeFieldsV1(set: FieldSet): FieldsV1 {
  const fields: FieldsV1 = {};
  for (const element of [...set.children.keys()].sort()) {
    const child = set.children.get(element) ?? emptySet;
    const beneath = encodeFieldsV1(child);
    const marked = child.self && child.children.size > 0;
    define(fields, element, marked ? { '.': {}, ...beneath } : beneath);
  }
  return fields;
}

/** The set that `fields` means, or undefined when it is malformed. */
export function decodeFieldsV1(fields: unknown): FieldSet | undefined {
  return decodeNode(fields, { isRoot: true, depth: 0 });
}

const depthMax = 200;

function decodeNode(fields: unknown, at: { isRoot: boolean; depth: number }): FieldSet | undefined {
  if (!isRecord(fields) || at.depth > depthMax) return undefined;
  const children = new Map<PathElement, FieldSet>();
  let self = !at.isRoot && Object.keys(fields).length === 0;
  for (const [element, beneath] of Object.entries(fields)) {
    if (element === '.') {
      self = true;
      continue;
    }
    const child = decodeNode(beneath, { isRoot: false, depth: at.depth + 1 });
    const canonical = canonicalElement(element);
    if (!child || canonical === undefined) return undefined;
    children.set(canonical, child);
  }
  return { self, children };
}

/** Keys and values in the spelling that this house writes, so that equal elements are equal texts. */
function canonicalElement(element: string): PathElement | undefined {
  const body = element.slice(2);
  const prefix = element.slice(0, 2);
  if (prefix === 'f:') return element;
  try {
    if (prefix === 'v:') return valueElement(JSON.parse(body));
    if (prefix === 'i:') return element;
    const key: unknown = JSON.parse(body);
    return prefix === 'k:' && isRecord(key) ? keyElement(key) : undefined;
  } catch {
    // Not JSON: the whole set is malformed.
    return undefined;
  }
}

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

export function valueElement(value: unknown): PathElement {
  return `v:${JSON.stringify(value)}`;
}

export function keyElement(key: Readonly<Record<string, unknown>>): PathElement {
  const ordered = Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1));
  return `k:${JSON.stringify(Object.fromEntries(ordered))}`;
}

/** `.spec.containers[name="web"].image`, as conflicts name a path. */
export function renderPath(path: readonly PathElement[]): string {
  return path.map(renderElement).join('');
}

function renderElement(element: PathElement): string {
  const body = element.slice(2);
  if (element.startsWith('f:')) return `.${body}`;
  if (element.startsWith('v:')) return `[=${body}]`;
  if (element.startsWith('i:')) return `[${body}]`;
  const key = JSON.parse(body) as Record<string, unknown>;
  return `[${Object.entries(key)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`;
}

/** Assigns even names such as __proto__ as data. */
function define(target: FieldsV1, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}
