// The door to UpdateExpression.
import type { ExpressionCache } from '../expression-cache.ts';
import type { Placeholders } from '../placeholders.ts';
import type { UpdateNode } from '../syntax/tree.ts';
import { readUpdate } from '../syntax/update-syntax.ts';
import { checkUpdateWords } from './check-update.ts';
import { compileUpdate } from './compile-update.ts';
import type { Update } from './update.ts';

/** Parses and binds an UpdateExpression. Throws `ItemLanguageError`. */
export function parseUpdate(text: string, placeholders: Placeholders, cache?: ExpressionCache): Update {
  return compileUpdate(updateTree(text, cache), placeholders);
}

/** The actions as they stand in the text, read once for each text. Throws `ItemLanguageError`. */
export function updateTree(text: string, cache?: ExpressionCache): UpdateNode {
  const read = (): UpdateNode => {
    const node = readUpdate(text);
    checkUpdateWords(node);
    return node;
  };
  return cache?.get('UpdateExpression', text, read) ?? read();
}
