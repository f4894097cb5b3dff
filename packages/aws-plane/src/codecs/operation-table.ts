// The operations of a model by name, each compiled at its first use.
import { assert } from '@pergola/kernel';
import type { OperationModel, ServiceModel } from '../model/model.ts';

export class OperationTable<Compiled> {
  readonly names: readonly string[];
  readonly #models: ReadonlyMap<string, OperationModel>;
  readonly #compiled = new Map<string, Compiled>();
  readonly #compile: (name: string, model: OperationModel) => Compiled;

  constructor(model: ServiceModel, compile: (name: string, model: OperationModel) => Compiled) {
    this.names = Object.keys(model.operations);
    this.#models = new Map(Object.entries(model.operations));
    this.#compile = compile;
  }

  has(name: string): boolean {
    return this.#models.has(name);
  }

  /** `name` is one that `has` knows. */
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
