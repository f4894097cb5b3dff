// Turns the shapes of a service's model into types of fields, each shape once.
import {
  type Constraint,
  type ConstraintModel,
  type MemberSlot,
  type Shape,
  ShapeGraph,
  type ServiceModel,
  type Structure,
} from '@pergola/aws-model';
import type { MemberRule } from '../description.ts';
import { fieldName } from '../names/field-name.ts';
import type { Field, FieldType, ObjectType } from './field-type.ts';

export class TypeCatalogue {
  readonly model: ServiceModel;
  readonly #graph: ShapeGraph;
  readonly #constraints: ConstraintModel;
  readonly #members: Readonly<Record<string, MemberRule>>;
  readonly #objects = new Map<string, ObjectType>();

  constructor(
    model: ServiceModel,
    constraints: ConstraintModel,
    members: Readonly<Record<string, MemberRule>> = {},
  ) {
    this.model = model;
    this.#graph = new ShapeGraph(model);
    this.#constraints = constraints;
    this.#members = members;
  }

  input(operation: string): Structure | undefined {
    const { input } = this.#operation(operation);
    return input === undefined ? undefined : this.#graph.structure(input);
  }

  output(operation: string): Structure | undefined {
    const { output } = this.#operation(operation);
    return output === undefined ? undefined : this.#graph.structure(output);
  }

  /** The type of a shape or primitive of the model, as descriptions name it. */
  named(ref: string): FieldType {
    return this.typeOf(this.#graph.resolve(ref));
  }

  fieldsOf(structure: Structure): readonly Field[] {
    return this.#object(structure).fields;
  }

  typeOf(shape: Shape, isFloat = false): FieldType {
    switch (shape.kind) {
      case 'structure':
        return this.#object(shape);
      case 'list':
        return { kind: 'list', item: this.typeOf(shape.element.shape) };
      case 'map':
        return { kind: 'map', value: this.typeOf(shape.value.shape) };
      case 'number':
        return { kind: isFloat ? 'number' : 'integer' };
      case 'stream':
        return { kind: 'blob' };
      default:
        return { kind: shape.kind };
    }
  }

  /** The rule of a list's elements, a map's values. */
  constraintNamed(name: string | undefined): Constraint | undefined {
    return name === undefined ? undefined : this.#constraints.rules[name];
  }

  #operation(name: string): ServiceModel['operations'][string] {
    const operation = this.model.operations[name];
    if (!operation) throw new Error(`${this.model.service} has no operation ${name}`);
    return operation;
  }

  #object(structure: Structure): ObjectType {
    const known = this.#objects.get(structure.name);
    if (known) return known;
    // It is kept before its fields are made, because they may lead back to it.
    const fields: Field[] = [];
    const type: ObjectType = { kind: 'object', shape: structure.name, fields };
    this.#objects.set(structure.name, type);
    for (const [index, member] of structure.members.entries()) {
      const field = this.#field(structure, member, index < structure.requiredCount);
      if (field) fields.push(field);
    }
    return type;
  }

  #field(structure: Structure, member: MemberSlot, required: boolean): Field | undefined {
    const origin = `${structure.name}.${member.name}`;
    const rule = this.#members[origin];
    if (rule?.ignore) return undefined;
    return {
      name: rule?.name ?? fieldName(member.name),
      member: member.name,
      type: this.typeOf(member.shape, rule?.float),
      required,
      constraint: this.constraintNamed(this.#constraints.members[structure.name]?.[member.name]),
      origin,
    };
  }
}
