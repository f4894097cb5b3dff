// The paths of a FieldExport: the part of jq that names one place, such as `.status.endpoint.address`, `.spec.tags[0].key`,
// `.status["a b"]` and `.items[-1]?`. Anything else of jq is refused.
import { isRecord } from '@pergola/kernel';

type Segment = string | number;

const lengthMax = 1_024;
const part =
  /\.?\[\s*(?:(-?\d{1,9})|"((?:[^"\\]|\\.)*)")\s*\]\??|\.(?:([A-Za-z_][A-Za-z0-9_]*)|"((?:[^"\\]|\\.)*)")\??/y;

/** Undefined when the path is not one of these. */
export function parseFieldPath(text: string): readonly Segment[] | undefined {
  const path = text.trim();
  if (path === '' || path.length > lengthMax || !path.startsWith('.')) return undefined;
  if (path === '.') return [];
  const segments: Segment[] = [];
  part.lastIndex = 0;
  while (part.lastIndex < path.length) {
    const match = part.exec(path);
    if (match === null) return undefined;
    const [, index, bracketed, name, quoted] = match;
    const segment = index === undefined ? (name ?? unquote(bracketed ?? quoted ?? '')) : Number(index);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return segments;
}

function unquote(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : undefined;
  } catch {
    // An escape that JSON does not know.
    return undefined;
  }
}

/** The value there; undefined where there is none. */
export function valueAtPath(root: unknown, segments: readonly Segment[]): unknown {
  let value = root;
  for (const segment of segments) {
    if (typeof segment === 'number') value = Array.isArray(value) ? value.at(segment) : undefined;
    else value = isRecord(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
  }
  return value;
}
