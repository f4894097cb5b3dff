// The model's shapes as a linked graph, ready to be compiled into readers and writers.
import { assert } from '@pergola/kernel';
import type { Binding, Member, Ref, ServiceModel, ShapeModel } from './model.ts';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** A shape at a place: what it holds, and how that place stands on the wire. */
export interface Slot {
  readonly shape: Shape;
  readonly binding: Binding;
}

export interface MemberSlot extends Slot {
  readonly name: string;
}

export interface Structure {
  readonly kind: 'structure';
  readonly name: string;
  /** Required members come first. */
  readonly members: readonly MemberSlot[];
  readonly requiredCount: number;
  /** Name of the root element, where it is not the shape's name. */
  readonly xmlName: string | undefined;
  /** One member at a time. */
  readonly union: boolean;
  readonly eventStream: boolean;
}

export interface List {
  readonly kind: 'list';
  readonly element: Slot;
}

export interface Dictionary {
  readonly kind: 'map';
  readonly key: Slot;
  readonly value: Slot;
}

export type Shape =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'blob' | 'stream' }
  /** Without a format the place decides. */
  | { readonly kind: 'timestamp'; readonly format: TimestampFormat | undefined }
  | List
  | Dictionary
  | Structure;

/** Name of a member's element in XML, and of its parameter in a form. */
export function elementName(member: MemberSlot): string {
  return member.binding.xmlName ?? member.name;
}

const plain: Binding = {};

const primitives: Readonly<Record<string, Shape>> = {
  s: { kind: 'string' },
  n: { kind: 'number' },
  b: { kind: 'boolean' },
  x: { kind: 'blob' },
  r: { kind: 'stream' },
  t: { kind: 'timestamp', format: undefined },
  td: { kind: 'timestamp', format: 'date-time' },
  th: { kind: 'timestamp', format: 'http-date' },
  te: { kind: 'timestamp', format: 'epoch-seconds' },
};

/** Turns references of a model into shapes. Each shape is built once; shapes may contain themselves. */
export class ShapeGraph {
  readonly #model: ServiceModel;
  readonly #shapes = new Map<Ref, Shape>(Object.entries(primitives));

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  resolve(ref: Ref): Shape {
    const known = this.#shapes.get(ref);
    if (known) return known;
    const suffix = ref.slice(-2);
    if (suffix === '[]') return this.#keep(ref, { kind: 'list', element: this.#slot(ref.slice(0, -2)) });
    if (suffix === '{}') {
      return this.#keep(ref, { kind: 'map', key: this.#slot('s'), value: this.#slot(ref.slice(0, -2)) });
    }
    const model = this.#model.shapes[ref];
    assert(model, `the model of ${this.#model.service} has no shape ${ref}`);
    return this.#build(ref, model);
  }

  /** Resolves a structure: every operation's input and output is one. */
  structure(ref: Ref): Structure {
    const shape = this.resolve(ref);
    assert(shape.kind === 'structure', `${ref} of ${this.#model.service} is not a structure`);
    return shape;
  }

  #build(ref: Ref, model: ShapeModel): Shape {
    if ('list' in model || 'key' in model) {
      // The holder is kept before its parts are resolved, because they may lead back to it.
      const holder = {} as { kind: string; element?: Slot; key?: Slot; value?: Slot };
      this.#shapes.set(ref, holder as Shape);
      if ('list' in model) Object.assign(holder, { kind: 'list', element: this.#slot(model.list) });
      else Object.assign(holder, { kind: 'map', key: this.#slot(model.key), value: this.#slot(model.value) });
      return holder as Shape;
    }
    const members: MemberSlot[] = [];
    const union = 'union' in model;
    const shape = this.#keep(ref, {
      kind: 'structure',
      name: ref,
      members,
      union,
      requiredCount: union ? 0 : (model.required ?? 0),
      xmlName: union ? undefined : model.xmlName,
      eventStream: union && model.stream === 1,
    });
    for (const [name, member] of Object.entries(union ? model.union : model.members)) {
      members.push({ name, ...this.#slot(member) });
    }
    return shape;
  }

  #slot(member: Member): Slot {
    if (typeof member === 'string') return { shape: this.resolve(member), binding: plain };
    return { shape: this.resolve(member[0]), binding: member[1] };
  }

  #keep<T extends Shape>(ref: Ref, shape: T): T {
    this.#shapes.set(ref, shape);
    return shape;
  }
}
