// Checks an input against the constraints of its service's model: patterns, lengths, ranges, enums.
import type { Constraint, ConstraintModel, Shape, Structure } from '@pergola/aws-model';
import { memberPath, violation } from './violation.ts';

/** Appends what `value` at `path` violates. */
type Check = (value: unknown, path: string, found: string[]) => void;

/** So many violations are named in one answer at most. */
const violationsMax = 50;

/** The compiled constraints of one service. */
export class Constraints {
  readonly #model: ConstraintModel;
  readonly #rules = new Map<string, Check>();
  readonly #structures = new Map<Structure, Check>();

  constructor(model: ConstraintModel) {
    this.#model = model;
  }

  /** Sentences of AWS, in the order of the members; empty for a valid input. */
  violations(shape: Structure, input: object): readonly string[] {
    const found: string[] = [];
    this.#structure(shape)(input, '', found);
    return found;
  }

  #structure(shape: Structure): Check {
    const known = this.#structures.get(shape);
    if (known) return known;
    // Compiled at first use, because a structure may contain itself.
    let parts: readonly (readonly [name: string, check: Check])[] | undefined;
    const check: Check = (value, path, found) => {
      parts ??= shape.members.flatMap((member) => {
        const part = this.#slot(member.shape, this.#model.members[shape.name]?.[member.name]);
        return part ? [[member.name, part] as const] : [];
      });
      const fields = value as Readonly<Record<string, unknown>>;
      for (const [name, part] of parts) {
        if (found.length >= violationsMax) return;
        if (fields[name] !== undefined) part(fields[name], path + memberPath(name), found);
      }
    };
    this.#structures.set(shape, check);
    return check;
  }

  /** The check of a value by its rule, if it has one, and of what it contains. */
  #slot(shape: Shape, ruleName: string | undefined): Check | undefined {
    const rule = ruleName === undefined ? undefined : this.#model.rules[ruleName];
    const own = ruleName === undefined || !rule ? undefined : this.#rule(ruleName, rule);
    const inner = this.#inner(shape, rule);
    if (!own || !inner) return own ?? inner;
    return (value, path, found) => {
      own(value, path, found);
      inner(value, path, found);
    };
  }

  #inner(shape: Shape, rule: Constraint | undefined): Check | undefined {
    switch (shape.kind) {
      case 'structure': {
        const check = this.#structure(shape);
        return (value, path, found) => check(value, `${path}.`, found);
      }
      case 'list': {
        const check = this.#slot(shape.element.shape, rule?.item);
        return check && eachItem(check);
      }
      case 'map': {
        const key = this.#slot(shape.key.shape, rule?.key);
        const value = this.#slot(shape.value.shape, rule?.value);
        return key || value ? eachEntry(key, value) : undefined;
      }
      default:
        return undefined;
    }
  }

  #rule(name: string, rule: Constraint): Check {
    let check = this.#rules.get(name);
    if (!check) this.#rules.set(name, (check = compileRule(rule)));
    return check;
  }
}

function eachItem(check: Check): Check {
  return (value, path, found) => {
    (value as readonly unknown[]).forEach((item, index) => {
      const before = found.length;
      if (before >= violationsMax) return;
      check(item, path, found);
      if (found.length === before) return;
      // Only what is told needs to know its place: making the names of a thousand places takes longer than the checks.
      found.length = before;
      check(item, `${path}.${index + 1}.member`, found);
    });
  };
}

function eachEntry(key: Check | undefined, value: Check | undefined): Check {
  return (entries, path, found) => {
    for (const [name, item] of Object.entries(entries as object)) {
      if (found.length >= violationsMax) return;
      key?.(name, `${path}.${name}.key`, found);
      value?.(item, `${path}.${name}.member`, found);
    }
  };
}

/** Gives the sentences about what a value must be and is not. */
type Rule = (value: unknown) => readonly string[];

function compileRule(rule: Constraint): Check {
  const rules = [enumRule(rule), patternRule(rule), lengthRule(rule), rangeRule(rule)].filter(
    (one) => one !== undefined,
  );
  return (value, path, found) => {
    for (const one of rules) {
      for (const sentence of one(value)) found.push(violation(shownValue(value, rule), path, sentence));
    }
  };
}

function enumRule({ enum: allowed }: Constraint): Rule | undefined {
  if (!allowed) return undefined;
  const sentence = `Member must satisfy enum value set: [${allowed.join(', ')}]`;
  return (value) => (allowed.includes(String(value)) ? [] : [sentence]);
}

function patternRule({ pattern }: Constraint): Rule | undefined {
  if (pattern === undefined) return undefined;
  const expression = new RegExp(`^(?:${pattern})$`, 'u');
  const sentence = `Member must satisfy regular expression pattern: ${pattern}`;
  return (value) => (expression.test(String(value)) ? [] : [sentence]);
}

function lengthRule({ shortest = 0, longest = Number.POSITIVE_INFINITY }: Constraint): Rule | undefined {
  if (shortest === 0 && longest === Number.POSITIVE_INFINITY) return undefined;
  return (value) => {
    const length = lengthOf(value);
    if (length < shortest) return [`Member must have length greater than or equal to ${shortest}`];
    return length > longest ? [`Member must have length less than or equal to ${longest}`] : [];
  };
}

function rangeRule({ least, most }: Constraint): Rule | undefined {
  if (least === undefined && most === undefined) return undefined;
  return (value) => {
    const number = Number(value);
    if (number < (least ?? number)) return [`Member must have value greater than or equal to ${least}`];
    return number > (most ?? number) ? [`Member must have value less than or equal to ${most}`] : [];
  };
}

/** Characters as Java counts them, list elements, map entries, bytes. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return Object.keys(value as object).length;
}

/** Secrets are not repeated, nor is text that a terminal might not take. */
function shownValue(value: unknown, rule: Constraint): string {
  if (rule.secret) return '';
  if (Array.isArray(value) && value.some((item) => typeof item === 'object')) return '';
  const text = Array.isArray(value) ? `[${value.map(String).join(', ')}]` : String(value);
  const printable = typeof value !== 'object' || Array.isArray(value);
  return printable && /^[\x20-\x7e]*$/.test(text) ? ` '${text}'` : '';
}
