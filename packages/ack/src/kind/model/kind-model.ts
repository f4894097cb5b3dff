// The fields of a kind's spec and status, as they follow from its description and its service's model.
import type { MemberSlot, Shape, Structure } from '@pergola/aws-model';
import type { FieldRule, KindDescription } from '../description.ts';
import { fieldName } from '../names/field-name.ts';
import type { Field, FieldType } from './field-type.ts';
import type { TypeCatalogue } from './type-catalogue.ts';

export interface TopField extends Field {
  /** By which descriptions know it: the member's name, or the one that ACK gives it. */
  readonly key: string;
  readonly rule: FieldRule;
  /** Where the resource that AWS answers has it: the first that is there. */
  readonly sources: readonly string[];
}

export interface KindModel {
  readonly description: KindDescription;
  readonly catalogue: TypeCatalogue;
  readonly spec: readonly TopField[];
  readonly status: readonly TopField[];
  readonly specByKey: ReadonlyMap<string, TopField>;
  readonly specByName: ReadonlyMap<string, TopField>;
  /** Where AWS's answer may have the resource's ARN. */
  readonly arnMembers: readonly string[];
}

export function buildKindModel(description: KindDescription, catalogue: TypeCatalogue): KindModel {
  const builder = new Builder(description, catalogue);
  const spec = builder.spec();
  const keys = new Map(spec.map((field) => [field.key, field]));
  return {
    description,
    catalogue,
    spec,
    specByKey: keys,
    specByName: new Map(spec.map((field) => [field.name, field])),
    status: builder.status(keys),
    arnMembers: builder.arnMembers,
  };
}

class Builder {
  readonly #description: KindDescription;
  readonly #catalogue: TypeCatalogue;
  readonly #ignored: ReadonlySet<string>;
  readonly arnMembers: readonly string[];

  constructor(description: KindDescription, catalogue: TypeCatalogue) {
    this.#description = description;
    this.#catalogue = catalogue;
    this.#ignored = new Set(description.ignore);
    this.arnMembers = ['Arn', 'ARN', 'arn', `${description.kind}Arn`, `${description.kind}ARN`];
  }

  spec(): readonly TopField[] {
    const [create] = this.#description.create;
    const input = create && this.#catalogue.input(create.operation);
    const fields = (input ? this.#catalogue.fieldsOf(input) : [])
      .filter(({ member }) => !this.#ignored.has(member))
      .map((field) => this.#top(field, this.#description.renames?.[field.member] ?? field.member))
      .filter(({ rule }) => !rule.status || rule.from !== undefined);
    const seen = new Set(fields.map(({ key }) => key));
    const others = this.#rules()
      .filter(([key, rule]) => !seen.has(key) && !rule.status)
      .map(([key, rule]) => this.#custom(key, rule, false));
    return sortedByName([...fields, ...others]);
  }

  status(spec: ReadonlyMap<string, TopField>): readonly TopField[] {
    const fields = this.#outputFields()
      .filter(({ member }) => !this.#ignored.has(member) && !this.arnMembers.includes(member))
      .map((field) => this.#top(field, this.#description.renames?.[field.member] ?? field.member))
      .filter(
        ({ key, name, rule }) =>
          this.#description.alsoInStatus?.includes(key) ||
          (!spec.has(key) && !sameName(spec, name) && !rule.status),
      );
    const others = this.#rules()
      .filter(([, rule]) => rule.status)
      .map(([key, rule]) => this.#custom(key, rule, true));
    return sortedByName([...fields, ...others]);
  }

  #outputFields(): readonly Field[] {
    const [create] = this.#description.create;
    const output = create && this.#catalogue.output(create.operation);
    if (!output) return [];
    const at = structureAt(output, create.at ?? '');
    return at ? this.#catalogue.fieldsOf(at) : [];
  }

  #rules(): readonly (readonly [string, FieldRule])[] {
    return Object.entries(this.#description.fields ?? {});
  }

  #top(field: Field, key: string): TopField {
    const rule = this.#description.fields?.[key] ?? {};
    const renamed = Object.entries(this.#description.renames ?? {})
      .filter(([, to]) => to === key)
      .map(([from]) => from);
    return {
      ...field,
      key,
      name: key === field.member ? field.name : fieldName(key),
      type: rule.secret ? secretType(field.type) : field.type,
      // A resource may be named by reference instead.
      required: (rule.required ?? field.required) && rule.reference === undefined,
      rule,
      sources: rule.observe === undefined ? [key, ...renamed] : [rule.observe],
    };
  }

  #custom(key: string, rule: FieldRule, isStatus: boolean): TopField {
    const found = rule.from === undefined ? undefined : this.#memberAt(rule.from, isStatus);
    const type = found?.type ?? this.#customType(key, rule);
    const field: Field = {
      name: fieldName(key),
      member: found?.member ?? key,
      type,
      required: false,
      constraint: found?.constraint,
      origin: found?.origin ?? `${this.#description.kind}.${key}`,
    };
    return this.#top(field, key);
  }

  #customType(key: string, rule: FieldRule): FieldType {
    if (rule.listOf !== undefined) return { kind: 'list', item: this.#catalogue.named(rule.listOf) };
    if (rule.mapOf !== undefined) return { kind: 'map', value: this.#catalogue.named(rule.mapOf) };
    if (rule.type !== undefined) return this.#catalogue.named(rule.type);
    if (rule.secret) return { kind: 'secret' };
    throw new Error(`${this.#description.kind}.${key} has no type`);
  }

  #memberAt(from: string, isOutput: boolean): Field {
    const [operation = '', ...path] = from.split('.');
    const { input, output } = {
      input: this.#catalogue.input(operation),
      output: this.#catalogue.output(operation),
    };
    const last = path.at(-1);
    const holders = (isOutput ? [output, input] : [input, output]).map(
      (start) => start && structureAt(start, path.slice(0, -1).join('.')),
    );
    for (const holder of holders) {
      const field = holder && this.#catalogue.fieldsOf(holder).find(({ member }) => member === last);
      if (field) return field;
    }
    throw new Error(`${this.#description.kind}: there is no ${from}`);
  }
}

/** The structure at a path of members; lists stand for their elements. */
function structureAt(start: Structure, path: string): Structure | undefined {
  let at: Structure | undefined = start;
  for (const step of path === '' ? [] : path.split('.')) {
    const member: MemberSlot | undefined = at?.members.find(({ name }) => name === step);
    const shape: Shape | undefined =
      member?.shape.kind === 'list' ? member.shape.element.shape : member?.shape;
    at = shape?.kind === 'structure' ? shape : undefined;
  }
  return at;
}

function secretType(type: FieldType): FieldType {
  return type.kind === 'list' ? { kind: 'list', item: { kind: 'secret' } } : { kind: 'secret' };
}

function sameName(fields: ReadonlyMap<string, TopField>, name: string): boolean {
  return [...fields.values()].some((field) => field.name === name);
}

function sortedByName(fields: readonly TopField[]): readonly TopField[] {
  return [...fields].sort((a, b) => (a.name < b.name ? -1 : 1));
}
