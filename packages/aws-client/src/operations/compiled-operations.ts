// The operations of one model, each compiled at its first use.
import { type OperationModel, type ServiceModel, ShapeGraph } from '@pergola/aws-model';

export class CompiledOperations<T> {
  readonly #model: ServiceModel;
  readonly #shapes: ShapeGraph;
  readonly #compile: (name: string, operation: OperationModel, shapes: ShapeGraph) => T;
  readonly #compiled = new Map<string, T>();

  constructor(
    model: ServiceModel,
    compile: (name: string, operation: OperationModel, shapes: ShapeGraph) => T,
  ) {
    this.#model = model;
    this.#shapes = new ShapeGraph(model);
    this.#compile = compile;
  }

  get(name: string): T {
    const known = this.#compiled.get(name);
    if (known !== undefined) return known;
    const { operations, service } = this.#model;
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) throw new Error(`${service} has no operation ${name}`);
    const compiled = this.#compile(name, operation, this.#shapes);
    this.#compiled.set(name, compiled);
    return compiled;
  }
}
