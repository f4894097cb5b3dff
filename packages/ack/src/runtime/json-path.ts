// Dotted paths in the JSON of resources; `[]` after a name stands for each element of a list.
import { isRecord } from '@pergola/kernel';

export type Mutable = Record<string, unknown>;

/** The value at a plain path; undefined where it ends early. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const name of path.split('.')) {
    if (!isRecord(value)) return undefined;
    value = value[name];
  }
  return value;
}

/** Every object that holds the last name of `path`, e.g. each index for `indexes[].keyRef`. */
export function holdersOf(root: Mutable, path: string): Mutable[] {
  let holders: Mutable[] = [root];
  for (const name of path.split('.').slice(0, -1)) {
    const key = name.endsWith('[]') ? name.slice(0, -2) : name;
    holders = holders.flatMap((holder) => [holder[key]].flat().filter(isRecord));
  }
  return holders;
}

export function lastNameOf(path: string): string {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return name.endsWith('[]') ? name.slice(0, -2) : name;
}
