// Members that travel in headers and query parameters.
import type { Shape, TimestampFormat } from '../shape.ts';
import { type ReadScalar, scalarReader } from './scalar.ts';
import { renderTimestamp } from './timestamp.ts';

/** Compiles a reader for a member in a header or a query parameter; lists are separated by commas. */
export function textReader(shape: Shape, place: TimestampFormat): ReadScalar {
  if (shape.kind !== 'list') return scalarReader(shape, place);
  const read = scalarReader(shape.element.shape, place);
  return (text) => splitList(text).map(read);
}

export type RenderText = (value: unknown) => string;

/** Compiles a writer for a member in a header or a query parameter. */
export function textWriter(shape: Shape, place: TimestampFormat): RenderText {
  switch (shape.kind) {
    case 'timestamp': {
      const format = shape.format ?? place;
      return (value) => renderTimestamp(value as Date, format);
    }
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64');
    case 'list': {
      const render = textWriter(shape.element.shape, place);
      return (value) => (value as readonly unknown[]).map((item) => quote(render(item))).join(', ');
    }
    default:
      return String;
  }
}

/** Items of `a, "b, c", d`. */
function splitList(text: string): string[] {
  const items = text.match(/(?:"(?:[^"\\]|\\.)*"|[^,])+/g) ?? [];
  return items.map((item) => unquote(item.trim())).filter((item) => item !== '');
}

function unquote(item: string): string {
  return /^"(?:[^"\\]|\\.)*"$/.test(item) ? item.slice(1, -1).replace(/\\(.)/g, '$1') : item;
}

function quote(item: string): string {
  return /[",]/.test(item) ? `"${item.replace(/(["\\])/g, '\\$1')}"` : item;
}
