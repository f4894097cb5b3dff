// Members that travel in headers and query parameters.
import { AwsFault } from '../fault.ts';
import {
  type ReadScalar,
  renderTimestamp,
  scalarReader,
  type Shape,
  type TimestampFormat,
} from '@pergola/aws-model';

/** Compiles a reader for a member in a header or a query parameter; lists are separated by commas. */
export function textReader(shape: Shape, place: TimestampFormat): ReadScalar {
  if (shape.kind !== 'list') return scalarReader(shape, place);
  const read = scalarReader(shape.element.shape, place);
  return (text) => splitList(text).map(read);
}

export type RenderText = (value: unknown) => string;

/** Compiles a writer for a member in a header. */
export function textWriter(shape: Shape): RenderText {
  switch (shape.kind) {
    case 'timestamp': {
      const format = shape.format ?? 'http-date';
      return (value) => renderTimestamp(value as Date, format);
    }
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64');
    case 'list': {
      const render = textWriter(shape.element.shape);
      return (value) => (value as readonly unknown[]).map((item) => quote(render(item))).join(', ');
    }
    default:
      return String;
  }
}

// oxlint-disable-next-line no-control-regex -- these would end the header, or cannot stand in it.
const unprintable = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/** Refuses a value that cannot stand in a header: a newline would begin the next one. */
export function assertHeaderValue(name: string, value: string): void {
  if (!unprintable.test(value)) return;
  const fields = { ArgumentName: name, ArgumentValue: value };
  throw new AwsFault('InvalidArgument', 400, 'Header value cannot be represented using ISO-8859-1.', fields);
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
