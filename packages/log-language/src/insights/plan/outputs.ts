// Which columns the result has: `fields` adds, `display` replaces, and extracted fields are shown too.
import type { FieldNode, Named } from '../syntax/expression.ts';
import { nameOf } from '../syntax/expression.ts';

export class Outputs {
  readonly #listed = new Map<string, FieldNode>();
  #extracted = new Map<string, FieldNode>();
  #displayed: Map<string, FieldNode> | undefined;

  /** A column by a name that is an alias or an expression's text. */
  static alias(name: string, { start, end }: { readonly start: number; readonly end: number }): FieldNode {
    return { kind: 'field', steps: [name], start, end };
  }

  static of(item: Named): FieldNode {
    const { expression, name } = item;
    const plain = expression.kind === 'field' && nameOf(expression) === name;
    return plain ? expression : Outputs.alias(name, item);
  }

  add(items: readonly FieldNode[]): void {
    for (const item of items) this.#listed.set(nameOf(item), item);
  }

  addExtracted(items: readonly FieldNode[]): void {
    for (const item of items) this.#extracted.set(nameOf(item), item);
  }

  display(items: readonly FieldNode[]): void {
    this.#displayed = new Map(items.map((item) => [nameOf(item), item]));
  }

  /** After an aggregation its columns are all there is. */
  replace(items: readonly FieldNode[]): void {
    this.#listed.clear();
    this.#extracted.clear();
    this.#displayed = undefined;
    this.add(items);
  }

  /** The columns in the order of display. */
  columns(): FieldNode[] {
    if (this.#displayed) return [...this.#displayed.values()];
    const listed = this.#listed.size > 0 ? this.#listed : defaults;
    return [...new Map([...listed, ...this.#extracted]).values()];
  }
}

const defaults: ReadonlyMap<string, FieldNode> = new Map(
  ['@timestamp', '@message'].map((name) => [name, { kind: 'field', steps: [name], start: 0, end: 0 }]),
);
