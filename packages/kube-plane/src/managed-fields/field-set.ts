// Sets of field paths, as a tree. A path element is written as in fieldsV1: `f:name`, `k:{"name":"x"}`, `v:"x"`.

/** One element of a path, in the notation of fieldsV1. */
export type PathElement = string;

/** A node: whether the path that leads here is in the set, and the paths beneath it. */
export interface FieldSet {
  readonly self: boolean;
  readonly children: ReadonlyMap<PathElement, FieldSet>;
}

const noChildren: ReadonlyMap<PathElement, FieldSet> = new Map();

export const emptySet: FieldSet = { self: false, children: noChildren };
/** A path without others beneath it. */
export const leafSet: FieldSet = { self: true, children: noChildren };

export function isEmptySet(set: FieldSet): boolean {
  return !set.self && set.children.size === 0;
}

/** The same node as a member of its set. */
export function asMember(set: FieldSet): FieldSet {
  if (set.self) return set;
  return set.children.size === 0 ? leafSet : { self: true, children: set.children };
}

/** A set of the given paths. */
export function setOf(...paths: readonly (readonly PathElement[])[]): FieldSet {
  return paths.reduce((set, path) => unionOf(set, pathSet(path)), emptySet);
}

function pathSet(path: readonly PathElement[]): FieldSet {
  return path.reduceRight<FieldSet>(
    (set, element) => ({ self: false, children: new Map([[element, set]]) }),
    leafSet,
  );
}

export function unionOf(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(left)) return right;
  if (isEmptySet(right)) return left;
  const children = new Map(left.children);
  for (const [element, child] of right.children) {
    children.set(element, unionOf(children.get(element) ?? emptySet, child));
  }
  return { self: left.self || right.self, children };
}

/** Paths of `left` that are not in `right`; nothing is implied for the paths beneath them. */
export function differenceOf(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, { self: left.self && !right.self, child: differenceOf });
}

/** Like `differenceOf`, and also without everything beneath a path of `right`. */
export function differenceBeneath(left: FieldSet, right: FieldSet): FieldSet {
  if (right.self) return emptySet;
  return combine(left, right, { self: left.self, child: differenceBeneath });
}

export function intersectionOf(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, { self: left.self && right.self, child: intersectionOf });
}

interface Combination {
  readonly self: boolean;
  readonly child: (left: FieldSet, right: FieldSet) => FieldSet;
}

function combine(left: FieldSet, right: FieldSet, { self, child }: Combination): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, node] of left.children) {
    const kept = child(node, right.children.get(element) ?? emptySet);
    if (!isEmptySet(kept)) children.set(element, kept);
  }
  return { self, children };
}

export function equalSets(left: FieldSet, right: FieldSet): boolean {
  if (left.self !== right.self || left.children.size !== right.children.size) return false;
  return [...left.children].every(([element, child]) => {
    const other = right.children.get(element);
    return other !== undefined && equalSets(child, other);
  });
}

/** The paths of the set, parents before children, in the order of fieldsV1. */
export function pathsOf(set: FieldSet, prefix: readonly PathElement[] = []): PathElement[][] {
  const own = set.self && prefix.length > 0 ? [[...prefix]] : [];
  const elements = [...set.children.keys()].sort();
  return [
    ...own,
    ...elements.flatMap((element) => pathsOf(set.children.get(element) ?? leafSet, [...prefix, element])),
  ];
}
