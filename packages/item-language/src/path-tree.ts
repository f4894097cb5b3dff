// Paths of one expression as a tree, which finds those that overlap: the same place twice, or one within the other; and
// those that conflict: a list here, a map there.
import { type DocumentPath, showPath } from './document-path.ts';
import { type ExpressionKind, invalidExpression, type ItemLanguageError } from './item-language-error.ts';

/** A place in a document. What ends here has a `leaf`; members and elements are below. */
export interface PathTree<T> {
  leaf: T | undefined;
  readonly below: Map<string | number, PathTree<T>>;
}

/** Puts paths together. Throws in the words of the expression's kind when two cannot both be. */
export function pathTree<T>(
  kind: ExpressionKind,
  entries: readonly (readonly [path: DocumentPath, leaf: T])[],
): PathTree<T> {
  refuseClashes(
    kind,
    entries.map(([path]) => path),
  );
  const root = emptyTree<T>();
  for (const [path, leaf] of entries) {
    let place = root;
    for (const step of path) {
      const next = place.below.get(step) ?? emptyTree<T>();
      place.below.set(step, next);
      place = next;
    }
    place.leaf = leaf;
  }
  return root;
}

function emptyTree<T>(): PathTree<T> {
  return { leaf: undefined, below: new Map() };
}

/** First overlaps over the whole expression, then conflicts, each by the earliest second path. */
function refuseClashes(kind: ExpressionKind, paths: readonly DocumentPath[]): void {
  const conflict = paths.length < 2 ? undefined : firstClash(kind, paths);
  if (conflict !== undefined) throw conflict;
}

function firstClash(kind: ExpressionKind, paths: readonly DocumentPath[]): ItemLanguageError | undefined {
  const earlier = new Map<string, DocumentPath[]>();
  let conflict: ItemLanguageError | undefined;
  for (const path of paths) {
    const same = earlier.get(path[0]) ?? [];
    for (const other of same) {
      const relation = relationOf(other, path);
      if (relation === 'overlap') return clash(kind, relation, [other, path]);
      if (relation === 'conflict') conflict ??= clash(kind, relation, [other, path]);
    }
    same.push(path);
    earlier.set(path[0], same);
  }
  return conflict;
}

function relationOf(one: DocumentPath, two: DocumentPath): 'apart' | 'overlap' | 'conflict' {
  const length = Math.min(one.length, two.length);
  for (let at = 0; at < length; at += 1) {
    if (one[at] === two[at]) continue;
    return typeof one[at] === typeof two[at] ? 'apart' : 'conflict';
  }
  return 'overlap';
}

function clash(
  kind: ExpressionKind,
  relation: 'overlap' | 'conflict',
  [one, two]: readonly [DocumentPath, DocumentPath],
): ItemLanguageError {
  return invalidExpression(
    kind,
    `Two document paths ${relation} with each other; must remove or rewrite one of these paths; path one: ${showPath(one)}, path two: ${showPath(two)}`,
  );
}
