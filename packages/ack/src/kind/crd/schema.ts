// The OpenAPI schema of a field: its type, and what AWS accepts there.
import type { Constraint } from '@pergola/aws-model';
import type { Field, FieldType, ObjectType } from '../model/field-type.ts';
import type { TypeCatalogue } from '../model/type-catalogue.ts';
import { portablePattern } from './pattern.ts';

export type Schema = Readonly<Record<string, unknown>>;

/** Longer lists of values change too often to be enforced before AWS sees them. */
const mostValues = 30;

export interface SchemaOptions {
  readonly catalogue: TypeCatalogue;
  /** By `Shape.Member`. */
  readonly texts: Readonly<Record<string, string>>;
  /** Whether values are checked, as a user's are, or AWS's own. */
  readonly isChecked: boolean;
}

export class SchemaWriter {
  readonly #options: SchemaOptions;
  /** Shapes on the way down: a shape within itself is not described again. */
  readonly #open = new Set<string>();

  constructor(options: SchemaOptions) {
    this.#options = options;
  }

  field(field: Field): Schema {
    const description = this.#options.texts[field.origin];
    return { ...this.#type(field.type, field.constraint), ...(description !== undefined && { description }) };
  }

  #type(type: FieldType, constraint: Constraint | undefined): Schema {
    switch (type.kind) {
      case 'object':
        return this.#object(type);
      case 'list':
        return {
          type: 'array',
          items: this.#type(type.item, this.#options.catalogue.constraintNamed(constraint?.item)),
          ...this.#bounds(constraint, 'minItems', 'maxItems'),
        };
      case 'map':
        return {
          type: 'object',
          additionalProperties: this.#type(
            type.value,
            this.#options.catalogue.constraintNamed(constraint?.value),
          ),
          ...this.#bounds(constraint, 'minProperties', 'maxProperties'),
        };
      case 'secret':
        return secretReference;
      case 'string':
        return { type: 'string', ...this.#text(constraint) };
      case 'integer':
        return { type: 'integer', format: 'int64', ...this.#range(constraint) };
      default:
        return plain[type.kind];
    }
  }

  #object(type: ObjectType): Schema {
    if (this.#open.has(type.shape)) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    this.#open.add(type.shape);
    const properties = Object.fromEntries(type.fields.map((field) => [field.name, this.field(field)]));
    this.#open.delete(type.shape);
    const required = type.fields.filter((field) => field.required).map(({ name }) => name);
    return {
      type: 'object',
      properties,
      ...(this.#options.isChecked && required.length > 0 && { required }),
    };
  }

  #text(constraint: Constraint | undefined): Schema {
    if (!constraint || !this.#options.isChecked) return {};
    if (constraint.enum) return constraint.enum.length > mostValues ? {} : { enum: constraint.enum };
    const pattern = constraint.pattern === undefined ? undefined : portablePattern(constraint.pattern);
    return {
      ...this.#bounds(constraint, 'minLength', 'maxLength'),
      ...(pattern !== undefined && { pattern }),
    };
  }

  #range(constraint: Constraint | undefined): Schema {
    if (!this.#options.isChecked) return {};
    const { least, most } = constraint ?? {};
    return { ...(least !== undefined && { minimum: least }), ...(most !== undefined && { maximum: most }) };
  }

  #bounds(constraint: Constraint | undefined, low: string, high: string): Schema {
    if (!this.#options.isChecked) return {};
    const { shortest, longest } = constraint ?? {};
    return {
      ...(shortest !== undefined && { [low]: shortest }),
      ...(longest !== undefined && { [high]: longest }),
    };
  }
}

const plain: Readonly<Record<'boolean' | 'number' | 'timestamp' | 'blob', Schema>> = {
  boolean: { type: 'boolean' },
  number: { type: 'number' },
  timestamp: { type: 'string', format: 'date-time' },
  blob: { type: 'string', format: 'byte' },
};

const text: Schema = { type: 'string' };

/** Where the text of a secret field is: a key of a Secret, in the resource's namespace when none is said. */
const secretReference: Schema = {
  type: 'object',
  properties: {
    key: { ...text, description: 'The key of the Secret under which the text is.' },
    name: { ...text, description: 'The name of the Secret. Its type must be Opaque.' },
    namespace: { ...text, description: "The namespace of the Secret; by default the resource's own." },
  },
  required: ['key'],
  'x-kubernetes-map-type': 'atomic',
};

export const referenceSchema: Schema = {
  type: 'object',
  description: 'Another resource that fills the field, as soon as it is in sync.',
  properties: {
    from: {
      type: 'object',
      properties: {
        name: { ...text, description: 'The name of the resource.' },
        namespace: { ...text, description: "The namespace of the resource; by default this one's own." },
      },
    },
  },
};
