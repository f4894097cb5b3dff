// Values for JSON, compiled once per shape: only members of the model go out, dates as seconds, blobs as base64.
import type { Dictionary, List, Shape, Structure } from '../shape.ts';
import { setOwn } from './record.ts';
import { renderTimestamp } from './timestamp.ts';

/** Gives what `JSON.stringify` then writes. */
export type WriteJson = (value: unknown) => unknown;

/** Compiles writers for the shapes of one service. */
export class JsonWriters {
  readonly #writers = new Map<Shape, WriteJson>();

  writer(shape: Shape): WriteJson {
    let write = this.#writers.get(shape);
    if (!write) this.#writers.set(shape, (write = this.#compile(shape)));
    return write;
  }

  #compile(shape: Shape): WriteJson {
    switch (shape.kind) {
      case 'string':
        return String;
      case 'number':
        return (value) => (Number.isFinite(value) ? value : String(value));
      case 'boolean':
        return Boolean;
      case 'blob':
      case 'stream':
        return (value) => Buffer.from(value as Uint8Array).toString('base64');
      case 'timestamp': {
        const { format } = shape;
        if (format === undefined || format === 'epoch-seconds')
          return (value) => (value as Date).getTime() / 1000;
        return (value) => renderTimestamp(value as Date, format);
      }
      case 'list':
        return this.#list(shape);
      case 'map':
        return this.#map(shape);
      case 'structure':
        return this.#structure(shape);
    }
  }

  #structure(shape: Structure): WriteJson {
    let parts: readonly (readonly [string, WriteJson])[] | undefined;
    return (value) => {
      parts ??= shape.members.map((member) => [member.name, this.writer(member.shape)]);
      const fields = value as Readonly<Record<string, unknown>>;
      const out: Record<string, unknown> = {};
      for (const [name, write] of parts) {
        const field = fields[name];
        if (field !== undefined && field !== null) out[name] = write(field);
      }
      return out;
    };
  }

  #list(shape: List): WriteJson {
    let write: WriteJson | undefined;
    return (value) => {
      write ??= this.writer(shape.element.shape);
      return (value as readonly unknown[]).map(write);
    };
  }

  #map(shape: Dictionary): WriteJson {
    let write: WriteJson | undefined;
    return (value) => {
      write ??= this.writer(shape.value.shape);
      const out: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value as object)) {
        if (item !== undefined && item !== null) setOwn(out, key, write(item));
      }
      return out;
    };
  }
}
