// The grammar of ProjectionExpression: paths with commas between them.
import { readPath } from './operand-syntax.ts';
import { TokenReader } from './token-reader.ts';
import type { PathNode } from './tree.ts';

/** Parses a projection. Throws `ItemLanguageError`. */
export function readProjection(text: string): readonly PathNode[] {
  const reader = new TokenReader('ProjectionExpression', text);
  const paths = [readPath(reader)];
  while (reader.skip(',')) paths.push(readPath(reader));
  reader.expectEnd();
  return paths;
}
