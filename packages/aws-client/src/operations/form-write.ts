// Inputs as the parameters of a form, compiled once per shape: awsQuery and EC2's dialect of it.
import {
  type Dictionary,
  elementName,
  type List,
  type MemberSlot,
  renderDateTime,
  renderTimestamp,
  type Shape,
  type Structure,
} from '@pergola/aws-model';

/** Adds what `value` says to `form`, under `name`. */
export type WriteForm = (form: URLSearchParams, name: string, value: unknown) => void;

/** EC2 writes every list flat, and its names begin with a capital. */
export type FormDialect = 'query' | 'ec2';

export class FormWriters {
  readonly #dialect: FormDialect;
  readonly #wrapped = new Map<Shape, WriteForm>();
  readonly #flat = new Map<Shape, WriteForm>();

  constructor(dialect: FormDialect) {
    this.#dialect = dialect;
  }

  /** Writes the members of a structure without a name before them. */
  writer(shape: Structure): (form: URLSearchParams, value: unknown) => void {
    const write = this.#get(shape, false);
    return (form, value) => write(form, '', value);
  }

  #get(shape: Shape, flat: boolean): WriteForm {
    const known = flat ? this.#flat : this.#wrapped;
    let write = known.get(shape);
    if (!write) known.set(shape, (write = this.#compile(shape, flat)));
    return write;
  }

  #compile(shape: Shape, flat: boolean): WriteForm {
    switch (shape.kind) {
      case 'structure':
        return this.#structure(shape);
      case 'list':
        return this.#list(shape, flat || this.#dialect === 'ec2');
      case 'map':
        return this.#map(shape, flat);
      default:
        return scalarWriter(shape);
    }
  }

  #structure(shape: Structure): WriteForm {
    // Compiled at first use, because a structure may contain itself.
    let parts: readonly (readonly [member: string, name: string, write: WriteForm])[] | undefined;
    return (form, prefix, value) => {
      parts ??= shape.members.map((member) => [
        member.name,
        this.#nameOf(member),
        this.#get(member.shape, member.binding.flat === 1),
      ]);
      const fields = value as Readonly<Record<string, unknown>>;
      for (const [member, name, write] of parts) {
        const field = fields[member];
        if (field !== undefined && field !== null) {
          write(form, prefix === '' ? name : `${prefix}.${name}`, field);
        }
      }
    };
  }

  #nameOf(member: MemberSlot): string {
    const name = elementName(member);
    return this.#dialect === 'ec2' ? name.charAt(0).toUpperCase() + name.slice(1) : name;
  }

  #list(shape: List, flat: boolean): WriteForm {
    const tag = shape.element.binding.xmlName ?? 'member';
    let write: WriteForm | undefined;
    return (form, prefix, value) => {
      write ??= this.#get(shape.element.shape, false);
      const items = value as readonly unknown[];
      // An empty list is said by the name alone; EC2 has no way to say it.
      if (items.length === 0 && this.#dialect === 'query') form.append(prefix, '');
      const start = flat ? prefix : `${prefix}.${tag}`;
      for (const [index, item] of items.entries()) write(form, `${start}.${index + 1}`, item);
    };
  }

  #map(shape: Dictionary, flat: boolean): WriteForm {
    const keyTag = shape.key.binding.xmlName ?? 'key';
    const valueTag = shape.value.binding.xmlName ?? 'value';
    let write: WriteForm | undefined;
    return (form, prefix, value) => {
      write ??= this.#get(shape.value.shape, false);
      const start = flat ? prefix : `${prefix}.entry`;
      for (const [index, [key, item]] of Object.entries(value as object).entries()) {
        form.append(`${start}.${index + 1}.${keyTag}`, key);
        write(form, `${start}.${index + 1}.${valueTag}`, item);
      }
    };
  }
}

function scalarWriter(shape: Shape): WriteForm {
  switch (shape.kind) {
    case 'timestamp': {
      const { format } = shape;
      return (form, name, value) => {
        const date = value as Date;
        form.append(name, format ? renderTimestamp(date, format) : renderDateTime(date));
      };
    }
    case 'blob':
      return (form, name, value) => form.append(name, Buffer.from(value as Uint8Array).toString('base64'));
    default:
      return (form, name, value) => form.append(name, String(value));
  }
}
