// Projections: what of an item is handed out.
import type { AttributeValue, Item } from '../attribute-value.ts';
import type { DocumentPath } from '../document-path.ts';
import type { PathTree } from '../path-tree.ts';
import { memberOf, setMember } from '../values/member.ts';

export interface Projection {
  /** The parts of the item that the paths name, in their places; elements of lists move together. */
  project(item: Item): Item;
  readonly paths: readonly DocumentPath[];
}

export function projectionOf(tree: PathTree<true>, paths: readonly DocumentPath[]): Projection {
  return { paths, project: (item) => projectMembers(item, tree) ?? {} };
}

/** Whole attributes by their names, in the names' order. */
export function attributesProjection(names: readonly string[]): Projection {
  const unique = [...new Set(names)];
  return {
    paths: unique.map((name) => [name]),
    project: (item) => {
      const projected: Record<string, AttributeValue> = {};
      for (const name of unique) {
        const value = memberOf(item, name);
        if (value !== undefined) setMember(projected, name, value);
      }
      return projected;
    },
  };
}

function projectMembers(members: Item, { below }: PathTree<true>): Item | undefined {
  let projected: Record<string, AttributeValue> | undefined;
  for (const [name, place] of below) {
    const value = typeof name === 'string' ? memberOf(members, name) : undefined;
    const part = value === undefined ? undefined : projectValue(value, place);
    if (part === undefined) continue;
    projected ??= {};
    setMember(projected, String(name), part);
  }
  return projected;
}

function projectValue(value: AttributeValue, place: PathTree<true>): AttributeValue | undefined {
  if (place.leaf !== undefined) return value;
  if ('M' in value) {
    const members = projectMembers(value.M, place);
    return members === undefined ? undefined : { M: members };
  }
  if (!('L' in value)) return undefined;
  const elements = projectElements(value.L, place);
  return elements.length === 0 ? undefined : { L: elements };
}

function projectElements(
  list: readonly AttributeValue[],
  { below }: PathTree<true>,
): readonly AttributeValue[] {
  const indexes = [...below.keys()].filter((step) => typeof step === 'number').sort((a, b) => a - b);
  return indexes.flatMap((index) => {
    const value = list[index];
    const place = below.get(index);
    const part = value === undefined || place === undefined ? undefined : projectValue(value, place);
    return part === undefined ? [] : [part];
  });
}
