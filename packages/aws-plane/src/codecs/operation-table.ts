// The operations of a model by name, each compiled at its first use.
import { assert } from '@pergola/kernel';
import type { OperationModel, ServiceModel } from '@pergola/aws-model';

export class OperationTable<Compiled> {
  readonly names: readonly string[];
  readonly #names: ReadonlyMap<string, string>;
  readonly #models: ReadonlyMap<string, OperationModel>;
  readonly #compiled = new Map<string, Compiled>();
  readonly #compile: (name: string, model: OperationModel) => Compiled;

  constructor(model: ServiceModel, compile: (name: string, model: OperationModel) => Compiled) {
    this.names = Object.keys(model.operations);
    this.#names = new Map(this.names.map((name) => [name, name]));
    this.#models = new Map(Object.entries(model.operations));
    this.#compile = compile;
  }

  /**
   * `name` as the model has it, or undefined. What is cut out of a request would keep all of that request in memory for
   * as long as the name is kept, and this one is.
   */
  find(name: string): string | undefined {
    return this.#names.get(name);
  }

  /** `name` is one that `find` gave. */
  get(name: string): Compiled {
    const known = this.#compiled.get(name);
    if (known) return known;
    const model = this.#models.get(name);
    assert(model, `the model has no operation ${name}`);
    const compiled = this.#compile(name, model);
    this.#compiled.set(name, compiled);
    return compiled;
  }
}
