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
  const read = (): UpdateNode => {
    const node = readUpdate(text);
    checkUpdateWords(node);
    return node;
  };
  return compileUpdate(cache?.get('UpdateExpression', text, read) ?? read(), placeholders);
}
