// Matching of ARNs as AWS does it: six parts between colons, each with its own wildcards; the last part
// of the pattern takes all the rest of the ARN, so `arn:aws:s3:*` and `…:log-group:*` mean what they say.
import {
  compileTemplate,
  hasVariable,
  hasWildcard,
  literalVariables,
  parseTemplate,
  type TemplateToken,
  type TextMatcher,
} from './template.ts';

const partsMax = 6;

export interface ArnSyntax {
  /** False for documents of version 2008-10-17. */
  readonly variables: boolean;
  /** `resource` when variables stand for themselves outside the sixth part, as in Resource elements. */
  readonly element: 'resource' | 'condition';
}

/** A matcher for ARNs, case-sensitive. `*` matches everything, ARN or not. */
export function compileArnPattern(pattern: string, syntax: ArnSyntax): TextMatcher {
  const tokens = parseTemplate(pattern, { variables: syntax.variables, wildcards: true });
  const parts = splitParts(tokens).map((part, index) =>
    syntax.element === 'resource' && index < partsMax - 1 ? literalVariables(part) : part,
  );
  const leading = parts.slice(0, -1);
  if (!leading.some((part) => hasWildcard(part) || hasVariable(part))) {
    return compileTemplate(joinParts(parts));
  }
  return matchParts(parts.map(compileTemplate));
}

/** The tokens cut at the first five colons of their literal text. */
function splitParts(tokens: readonly TemplateToken[]): TemplateToken[][] {
  let part: TemplateToken[] = [];
  const parts = [part];
  for (const token of tokens) {
    if (typeof token !== 'string') {
      part.push(token);
      continue;
    }
    const pieces = splitColons(token, partsMax - parts.length);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) parts.push((part = []));
      if (piece !== '') part.push(piece);
    }
  }
  return parts;
}

/** `text` cut at its first `colonsMax` colons. */
function splitColons(text: string, colonsMax: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let left = colonsMax; left > 0; left--) {
    const colon = text.indexOf(':', from);
    if (colon < 0) break;
    pieces.push(text.slice(from, colon));
    from = colon + 1;
  }
  pieces.push(text.slice(from));
  return pieces;
}

function joinParts(parts: readonly (readonly TemplateToken[])[]): TemplateToken[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [':', ...part]));
}

function matchParts(matchers: readonly TextMatcher[]): TextMatcher {
  return (text, scope) => {
    const pieces = splitColons(text, matchers.length - 1);
    if (pieces.length !== matchers.length) return false;
    for (const [index, matches] of matchers.entries()) {
      const answer = matches(pieces[index] ?? '', scope);
      if (!answer) return answer;
    }
    return true;
  };
}
