// What names mean at a point of the query: aliases, fields of the event, or the columns of a table.
import type { Evaluate } from '../functions/function.ts';
import { parseJson } from '../functions/general.ts';
import { FieldPlan } from '../fields/field-plan.ts';
import type { Row } from '../run/row.ts';
import { type FieldNode, nameOf } from '../syntax/expression.ts';
import { QueryFailure } from '../syntax/token.ts';
import { instant, structure, type Value } from '../values/value.ts';
import { walkInto } from './path.ts';

export interface Scope {
  /** How to get at a field. Throws a QueryFailure when it cannot be known. */
  resolve(field: FieldNode): Evaluate;
  /** The column that an expression with this text is; undefined when there is none. */
  column(text: string): Evaluate | undefined;
  /** The slot for an alias, from here on. */
  define(name: string): number;
  /** How to get at a field of the message that may be an array or object; undefined for aliases and columns. */
  raw(field: FieldNode): Evaluate | undefined;
}

export function slotReader(slot: number): Evaluate {
  return (row) => row.values[slot];
}

/** Reads @timestamp of an event. */
export const eventTimestamp: Evaluate = (row) => instant(row.timestampMs);

const system: ReadonlyMap<string, Evaluate> = new Map<string, Evaluate>([
  ['@timestamp', eventTimestamp],
  ['@ingestionTime', (row: Row): Value => instant(row.ingestedMs)],
  ['@message', (row: Row): Value => row.message()],
  ['@logStream', (row: Row): Value => row.stream],
  ['@log', (row: Row): Value => row.log],
  ['@ptr', (row: Row): Value => row.pointer],
]);

/** Looks for the longest alias that begins the name, and walks on inside its value. */
function alias(field: FieldNode, slots: ReadonlyMap<string, number>): Evaluate | undefined {
  const { steps } = field;
  for (let length = steps.length; length > 0; length -= 1) {
    const slot = slots.get(steps.slice(0, length).join('.'));
    if (slot === undefined) continue;
    const rest = steps.slice(length);
    if (rest.length === 0) return slotReader(slot);
    return (row) => walkInto(row.values[slot], rest);
  }
  return undefined;
}

/** Names before any aggregation: aliases first, then what the event has. */
export class EventScope implements Scope {
  readonly plan = new FieldPlan();
  readonly #aliases = new Map<string, number>();
  readonly #fields = new Map<string, number>();
  #slots = 0;

  resolve(field: FieldNode): Evaluate {
    return alias(field, this.#aliases) ?? this.#event(nameOf(field));
  }

  column(): undefined {
    return undefined;
  }

  define(name: string): number {
    // A new slot each time: what was computed from the name before keeps its meaning.
    const slot = this.slot();
    this.#aliases.set(name, slot);
    return slot;
  }

  raw(field: FieldNode): Evaluate | undefined {
    if (this.isAlias(field)) return undefined;
    const steps = nameOf(field).replace(/^@@/, '@').split('.');
    return (row) => {
      const json = parseJson(row.message());
      return json === undefined ? undefined : walkInto(structure(json), steps);
    };
  }

  /** Whether a name means something that a command has made, not a field of the event. */
  isAlias(field: FieldNode): boolean {
    return alias(field, this.#aliases) !== undefined;
  }

  slot(): number {
    this.#slots += 1;
    return this.#slots - 1;
  }

  #event(name: string): Evaluate {
    const known = system.get(name);
    if (known) return known;
    let slot = this.#fields.get(name);
    if (slot === undefined) {
      slot = this.slot();
      this.#fields.set(name, slot);
      this.plan.want(name, slot);
    }
    const wanted = slot;
    return (row) => row.field(wanted);
  }
}

/** How a table gets columns from where it came from, when a later command asks for them. */
export interface Capture {
  /** The column's slot in the table's rows. */
  (field: FieldNode): number;
}

/** Names after rows have been collected. Without a capture, only the columns that are there. */
export class TableScope implements Scope {
  readonly #columns = new Map<string, number>();
  readonly #texts = new Map<string, number>();
  readonly #capture: Capture | undefined;
  readonly #allocate: () => number;

  constructor(allocate: () => number, capture?: Capture) {
    this.#allocate = allocate;
    this.#capture = capture;
  }

  resolve(field: FieldNode): Evaluate {
    return alias(field, this.#columns) ?? this.#missing(field);
  }

  column(text: string): Evaluate | undefined {
    const slot = this.#texts.get(squeeze(text));
    return slot === undefined ? undefined : slotReader(slot);
  }

  define(name: string): number {
    const slot = this.#allocate();
    this.adopt(name, slot);
    return slot;
  }

  raw(field: FieldNode): undefined {
    if (this.#capture && !alias(field, this.#columns)) {
      throw new QueryFailure('arrays of the message must be expanded before rows are limited', field);
    }
    return undefined;
  }

  /** Gives the column in `slot` a name. */
  adopt(name: string, slot: number): void {
    this.#columns.set(name, slot);
    this.#texts.set(squeeze(name), slot);
  }

  #missing(field: FieldNode): Evaluate {
    const name = nameOf(field);
    if (!this.#capture) {
      throw new QueryFailure(`the field ${name} is not defined by the stats command before it`, field);
    }
    const slot = this.#capture(field);
    this.adopt(name, slot);
    return slotReader(slot);
  }
}

/** Blanks and case do not make `count( * )` another column than `count(*)`. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase();
}
