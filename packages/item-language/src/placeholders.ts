// ExpressionAttributeNames and ExpressionAttributeValues of one request, and which of them its expressions use.
import type { AttributeValue } from './attribute-value.ts';
import { ItemLanguageError } from './item-language-error.ts';
import { javaSetOrder } from './syntax/java-order.ts';
import { checkValue } from './values/check-value.ts';

const KEY_BYTES_MAX = 255;

/** The two maps as they came; `values` are checked here. */
export interface PlaceholderMaps {
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The placeholders of a request. Make one for each request, give it to every expression, then call `checkAllUsed`.
 * The constructor throws `ItemLanguageError` for empty maps, bad keys and bad values.
 */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #unused = new Set<string>();

  constructor({ names, values }: PlaceholderMaps = {}) {
    this.#names = names === undefined ? new Map<string, string>() : namesOf(names);
    this.#values = values === undefined ? new Map<string, AttributeValue>() : valuesOf(values);
    for (const key of this.#names.keys()) this.#unused.add(key);
    for (const key of this.#values.keys()) this.#unused.add(key);
  }

  /** The attribute that `#alias` stands for, which is used now. */
  name(alias: string): string | undefined {
    this.#unused.delete(alias);
    return this.#names.get(alias);
  }

  /** The value that `:placeholder` stands for, which is used now. */
  value(placeholder: string): AttributeValue | undefined {
    this.#unused.delete(placeholder);
    return this.#values.get(placeholder);
  }

  /** Throws when a name or a value was given that no expression mentions. */
  checkAllUsed(): void {
    this.#refuseUnused('ExpressionAttributeNames', this.#names);
    this.#refuseUnused('ExpressionAttributeValues', this.#values);
  }

  #refuseUnused(map: string, given: ReadonlyMap<string, unknown>): void {
    if (this.#unused.size === 0) return;
    const unused = [...given.keys()].filter((key) => this.#unused.has(key));
    if (unused.length > 0)
      throw new ItemLanguageError(
        `Value provided in ${map} unused in expressions: keys: {${javaSetOrder(unused, given.size).join(', ')}}`,
      );
  }
}

function namesOf(names: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const entries = Object.entries(names);
  checkKeys('ExpressionAttributeNames', '#', entries);
  for (const [key, name] of entries)
    if (name === '')
      throw new ItemLanguageError(
        `ExpressionAttributeNames contains invalid value: Empty attribute name for key ${key}`,
      );
  return new Map(entries);
}

function valuesOf(values: Readonly<Record<string, unknown>>): ReadonlyMap<string, AttributeValue> {
  const entries = Object.entries(values);
  checkKeys('ExpressionAttributeValues', ':', entries);
  return new Map(entries.map(([key, value]) => [key, valueFor(key, value)]));
}

function valueFor(key: string, value: unknown): AttributeValue {
  try {
    return checkValue(value);
  } catch (error) {
    if (!(error instanceof ItemLanguageError)) throw error;
    throw new ItemLanguageError(
      `ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`,
    );
  }
}

function checkKeys(map: string, sign: '#' | ':', entries: readonly (readonly [string, unknown])[]): void {
  if (entries.length === 0) throw new ItemLanguageError(`${map} must not be empty`);
  for (const [key] of entries) {
    const bytes = Buffer.byteLength(key);
    if (bytes > KEY_BYTES_MAX)
      throw new ItemLanguageError(
        `${map} contains invalid key: The expression attribute map contains a key that is too long;${sign === '#' ? ` size of key: ${bytes}` : ''}`,
      );
    if (!(key.startsWith(sign) && /^.[A-Za-z0-9_]+$/.test(key)))
      throw new ItemLanguageError(`${map} contains invalid key: Syntax error; key: "${key}"`);
  }
}
