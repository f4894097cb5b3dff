// The rules of one schema (`x-kubernetes-validations`), compiled once, and what they say against a value. Wording and
// order follow apiextensions-apiserver/pkg/apiserver/schema/cel.
import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { isRecord } from '@pergola/kernel';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeSchema } from '../schema.ts';
import { celValue } from './cel-value.ts';
import { ruleEnvironment } from './environment.ts';

interface Rule {
  readonly text: string;
  readonly test: ParseResult;
  readonly message: string | undefined;
  readonly messageOf: ParseResult | undefined;
  readonly reason: string;
  /** Below the value that the rule is about, e.g. `.name`. */
  readonly fieldPath: string;
  /** Compares with what was: holds for a value that is new, unless the rule takes an optional. */
  readonly isTransition: boolean;
  readonly takesOptional: boolean;
}

/** A place in the schema that has rules, or has such places beneath it. */
interface Place {
  readonly schema: KubeSchema;
  readonly rules: readonly Rule[];
  readonly properties: ReadonlyMap<string, Place>;
  /** Of each element of a list, or each value of a map. */
  readonly each: Place | undefined;
}

/** A rule that cannot be used, and why. */
export interface RuleProblem {
  /** In the schema, e.g. `.properties[spec].x-kubernetes-validations[0].rule`. */
  readonly path: string;
  readonly rule: string;
  readonly because: string;
  /** True where the text is no CEL; false where it calls a function that we lack. */
  readonly isSyntax: boolean;
}

export class CompiledRules {
  readonly problems: readonly RuleProblem[];
  readonly #root: Place | undefined;

  constructor(schema: KubeSchema) {
    const compiler = new RuleCompiler();
    this.#root = compiler.place(withNames(schema), '');
    this.problems = compiler.problems;
  }

  /** What speaks against `value`; `previous` is undefined for one that is new. */
  faults(value: unknown, previous: unknown): FieldFault[] {
    const found: FieldFault[] = [];
    if (this.#root) checkPlace(this.#root, { value, previous, path: '' }, found);
    return found;
  }
}

/** What rules at the root may always see. */
function withNames(schema: KubeSchema): KubeSchema {
  const text: KubeSchema = { type: 'string' };
  const metadata: KubeSchema = { type: 'object', properties: { name: text, generateName: text } };
  return { ...schema, properties: { apiVersion: text, kind: text, ...schema.properties, metadata } };
}

class RuleCompiler {
  readonly problems: RuleProblem[] = [];
  readonly #environment: Environment = ruleEnvironment();

  place(schema: KubeSchema, path: string): Place | undefined {
    const rules = (schema['x-kubernetes-validations'] ?? []).flatMap((given, index) =>
      this.#rule(given, `${path}.x-kubernetes-validations[${index}]`),
    );
    const properties = new Map<string, Place>();
    for (const [name, child] of Object.entries(schema.properties ?? {})) {
      const place = this.place(child, `${path}.properties[${name}]`);
      if (place) properties.set(name, place);
    }
    const { items, additionalProperties } = schema;
    const each = isRecord(items)
      ? this.place(items, `${path}.items`)
      : isRecord(additionalProperties)
        ? this.place(additionalProperties, `${path}.additionalProperties`)
        : undefined;
    if (rules.length === 0 && properties.size === 0 && !each) return undefined;
    return { schema, rules, properties, each };
  }

  #rule(given: Readonly<Record<string, unknown>>, path: string): Rule[] {
    const text = typeof given['rule'] === 'string' ? given['rule'] : '';
    const test = this.#compile(text, `${path}.rule`);
    if (!test) return [];
    const { message, messageExpression, reason, fieldPath, optionalOldSelf } = given;
    const messageOf =
      typeof messageExpression === 'string'
        ? this.#compile(messageExpression, `${path}.messageExpression`)
        : undefined;
    return [
      {
        text,
        test,
        message: typeof message === 'string' ? message : undefined,
        messageOf,
        reason: typeof reason === 'string' ? reason : 'FieldValueInvalid',
        fieldPath: typeof fieldPath === 'string' ? fieldPath : '',
        isTransition: /\boldSelf\b/.test(text),
        takesOptional: optionalOldSelf === true,
      },
    ];
  }

  #compile(text: string, path: string): ParseResult | undefined {
    try {
      const parsed = this.#environment.parse(text);
      const { valid, error } = parsed.check();
      if (valid) return parsed;
      this.problems.push({ path, rule: text, because: firstLine(error), isSyntax: false });
    } catch (error) {
      this.problems.push({ path, rule: text, because: firstLine(error), isSyntax: true });
    }
    return undefined;
  }
}

/** The library's messages go on with a picture of the place. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}

interface Seen {
  readonly value: unknown;
  readonly previous: unknown;
  readonly path: string;
}

function checkPlace(place: Place, seen: Seen, found: FieldFault[]): void {
  const { value, previous, path } = seen;
  if (value === undefined || value === null) return;
  if (place.rules.length > 0) checkRules(place, seen, found);
  if (Array.isArray(value)) {
    checkItems(place, value, { ...seen, value }, found);
    return;
  }
  if (!isRecord(value)) return;
  const before = isRecord(previous) ? previous : {};
  const prefix = path === '' ? '' : `${path}.`;
  for (const [name, child] of place.properties) {
    checkPlace(child, { value: value[name], previous: before[name], path: prefix + name }, found);
  }
  if (!place.each) return;
  for (const [key, item] of Object.entries(value)) {
    checkPlace(place.each, { value: item, previous: before[key], path: `${path}[${key}]` }, found);
  }
}

/** Only elements of lists with keys can be found again in what was. */
function checkItems(
  place: Place,
  items: readonly unknown[],
  { previous, path }: Seen,
  found: FieldFault[],
): void {
  const { each, schema } = place;
  if (!each) return;
  const keys = schema['x-kubernetes-list-type'] === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [];
  const idOf = (item: unknown) => (isRecord(item) ? JSON.stringify(keys.map((key) => item[key])) : undefined);
  const before =
    keys.length > 0 && Array.isArray(previous)
      ? new Map(previous.map((item) => [idOf(item), item]))
      : undefined;
  for (const [index, item] of items.entries()) {
    checkPlace(each, { value: item, previous: before?.get(idOf(item)), path: `${path}[${index}]` }, found);
  }
}

function checkRules({ rules, schema }: Place, { value, previous, path }: Seen, found: FieldFault[]): void {
  const self = celValue(value, schema);
  const isNew = previous === undefined || previous === null;
  const oldSelf = isNew ? undefined : celValue(previous, schema);
  for (const rule of rules) {
    if (rule.isTransition && isNew && !rule.takesOptional) continue;
    const context = contextOf(rule, self, oldSelf);
    const broken = brokenBy(rule, context);
    if (broken === undefined) continue;
    const field = `${path}${path === '' ? rule.fieldPath.replace(/^\./, '') : rule.fieldPath}`;
    found.push(faultOf(rule.reason, field || '<nil>', { type: schema.type ?? 'object', message: broken }));
  }
}

type Context = Readonly<Record<string, unknown>>;

function contextOf(rule: Rule, self: unknown, oldSelf: unknown): Context {
  if (!rule.isTransition) return { self };
  return { self, oldSelf: rule.takesOptional ? optionalOf(oldSelf) : oldSelf };
}

const optionals = new Environment({ enableOptionalTypes: true }).registerVariable('value', 'dyn');
const some = optionals.parse('optional.of(value)');
const none = optionals.parse('optional.none()');

function optionalOf(value: unknown): unknown {
  return value === undefined ? none({}) : some({ value });
}

/** Undefined when the rule holds. */
function brokenBy(rule: Rule, context: Context): string | undefined {
  try {
    if (rule.test(context) === true) return undefined;
  } catch (error) {
    return `rule evaluation error: ${firstLine(error)}`;
  }
  return messageBy(rule, context) ?? rule.message ?? `failed rule: ${rule.text}`;
}

/** What does not give one line of text counts as not written. */
function messageBy({ messageOf }: Rule, context: Context): string | undefined {
  if (!messageOf) return undefined;
  try {
    const text: unknown = messageOf(context);
    return typeof text === 'string' && text.trim() !== '' && !text.includes('\n') ? text : undefined;
  } catch {
    // As upstream: the rule's own message stands in.
    return undefined;
  }
}

function faultOf(
  reason: string,
  field: string,
  { type, message }: { readonly type: string; readonly message: string },
): FieldFault {
  switch (reason) {
    case 'FieldValueForbidden':
      return fieldFaults.forbidden(field, message);
    case 'FieldValueRequired':
      return fieldFaults.required(field, message);
    case 'FieldValueDuplicate':
      return fieldFaults.duplicate(field, type);
    default:
      return fieldFaults.invalid(field, type, message);
  }
}
