// The door to ProjectionExpression.
import { resolvePath } from '../document-path.ts';
import type { ExpressionCache } from '../expression-cache.ts';
import { pathTree } from '../path-tree.ts';
import type { Placeholders } from '../placeholders.ts';
import { checkReservedWords } from '../condition/check-condition.ts';
import { readProjection } from '../syntax/projection-syntax.ts';
import type { PathNode } from '../syntax/tree.ts';
import { type Projection, projectionOf } from './projection.ts';

const KIND = 'ProjectionExpression';

/** Parses and binds a ProjectionExpression. Throws `ItemLanguageError`. */
export function parseProjection(
  text: string,
  placeholders: Placeholders,
  cache?: ExpressionCache,
): Projection {
  const nodes = projectionTree(text, cache);
  const paths = nodes.map((node) => resolvePath(node, KIND, placeholders));
  return projectionOf(
    pathTree(
      KIND,
      paths.map((path) => [path, true] as const),
    ),
    paths,
  );
}

/** The paths as they stand in the text, read once for each text. Throws `ItemLanguageError`. */
export function projectionTree(text: string, cache?: ExpressionCache): readonly PathNode[] {
  const read = (): readonly PathNode[] => {
    const nodes = readProjection(text);
    for (const node of nodes) checkReservedWords(KIND, node);
    return nodes;
  };
  return cache?.get(KIND, text, read) ?? read();
}
