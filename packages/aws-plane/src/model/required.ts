// Required members that an input lacks, at any depth.
import type { Shape, Structure } from '@pergola/aws-model';
import { memberPath } from './violation.ts';

/** Finds the missing members of one shape; `path` is where the value stands, e.g. `tags.1.member.` */
type FindMissing = (value: unknown, path: string, missing: string[]) => void;

/** So many are named in one answer at most. */
const missingMax = 50;

/** Compiles the check for required members; shapes without any at any depth cost nothing. */
export class RequiredChecks {
  readonly #checks = new Map<Shape, FindMissing | undefined>();

  /**
   * Paths of the required members that are absent, in the words of the services that validate: lower first letter,
   * list elements as `tags.1.member.key`. Empty when all are there.
   */
  missing(shape: Structure, value: object): readonly string[] {
    const missing: string[] = [];
    this.#check(shape)?.(value, '', missing);
    return missing;
  }

  #check(shape: Shape): FindMissing | undefined {
    if (this.#checks.has(shape)) return this.#checks.get(shape);
    // A shape that contains itself finds this forwarder while it is being compiled.
    let compiled: FindMissing | undefined;
    this.#checks.set(shape, (value, path, missing) => compiled?.(value, path, missing));
    compiled = this.#compile(shape);
    this.#checks.set(shape, compiled);
    return compiled;
  }

  #compile(shape: Shape): FindMissing | undefined {
    if (shape.kind === 'structure') return this.#structure(shape);
    if (shape.kind === 'list') {
      const check = this.#check(shape.element.shape);
      return (
        check &&
        ((value, path, missing) => {
          (value as readonly unknown[]).forEach((item, index) => {
            const before = missing.length;
            check(item, path, missing);
            if (missing.length === before) return;
            // Only what is missing needs to know its place.
            missing.length = before;
            check(item, `${path}${index + 1}.member.`, missing);
          });
        })
      );
    }
    if (shape.kind !== 'map') return undefined;
    const check = this.#check(shape.value.shape);
    return (
      check &&
      ((value, path, missing) => {
        for (const [key, item] of Object.entries(value as object))
          check(item, `${path}${key}.member.`, missing);
      })
    );
  }

  #structure(shape: Structure): FindMissing | undefined {
    const required = shape.members.slice(0, shape.requiredCount).map((member) => member.name);
    const nested = shape.members.flatMap((member) => {
      const check = this.#check(member.shape);
      return check ? [[member.name, check] as const] : [];
    });
    if (required.length === 0 && nested.length === 0) return undefined;
    return (value, path, missing) => {
      if (missing.length >= missingMax) return;
      const fields = value as Readonly<Record<string, unknown>>;
      for (const name of required) {
        if (fields[name] === undefined) missing.push(path + memberPath(name));
      }
      for (const [name, check] of nested) {
        if (fields[name] !== undefined) check(fields[name], `${path}${memberPath(name)}.`, missing);
      }
    };
  }
}
