// Policy text with variables: `${aws:username}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the
// characters themselves. A variable's value is literal text, never a wildcard. Upstream: IAM User Guide,
// "IAM policy elements: variables and tags".
import { anyOne, anyRun, compileGlob, globTokens, type GlobToken } from './glob.ts';
import type { Scope } from './scope.ts';

/** `${key}`: its key in lower case, the text as written and the default value, if any. */
export interface Variable {
  readonly key: string;
  readonly written: string;
  readonly fallback: string | undefined;
}

export type TemplateToken = GlobToken | Variable;

/** Answers for one text; undefined when a variable has no value in the request. */
export type TextMatcher = (text: string, scope: Scope) => boolean | undefined;

export interface TemplateSyntax {
  /** False for documents of version 2008-10-17. */
  readonly variables: boolean;
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean;
}

const variable = /(\$\{[^{}]*\})/;
const literals: Readonly<Record<string, string>> = { '*': '*', '?': '?', $: '$' };

/** Cuts policy text into literals, wildcards and variables. */
export function parseTemplate(text: string, syntax: TemplateSyntax): readonly TemplateToken[] {
  const parts = syntax.variables ? text.split(variable) : [text];
  const tokens: TemplateToken[] = [];
  for (const [index, part] of parts.entries()) {
    if (part === '') continue;
    if (index % 2 === 1) tokens.push(variableOf(part));
    else if (syntax.wildcards) tokens.push(...globTokens(part));
    else tokens.push(part);
  }
  return tokens;
}

function variableOf(written: string): TemplateToken {
  const inner = written.slice(2, -1).trim();
  const literal = literals[inner];
  if (literal !== undefined) return literal;
  const comma = inner.indexOf(',');
  const fallback = comma < 0 ? undefined : quotedText(inner.slice(comma + 1).trim());
  const key = fallback === undefined ? inner : inner.slice(0, comma).trim();
  return { key: key.toLowerCase(), written, fallback };
}

function quotedText(text: string): string | undefined {
  return /^'[^']*'$/.test(text) ? text.slice(1, -1) : undefined;
}

export function isVariable(token: TemplateToken): token is Variable {
  return typeof token === 'object';
}

export function hasVariable(tokens: readonly TemplateToken[]): boolean {
  return tokens.some(isVariable);
}

/** The tokens with every variable replaced by its value; undefined when one has none. */
export function resolveTemplate(tokens: readonly TemplateToken[], scope: Scope): GlobToken[] | undefined {
  const resolved: GlobToken[] = [];
  for (const token of tokens) {
    if (!isVariable(token)) {
      resolved.push(token);
      continue;
    }
    const value = scope.single(token.key) ?? token.fallback;
    if (value === undefined) return undefined;
    resolved.push(value);
  }
  return resolved;
}

/** A matcher for the whole text. Without variables everything is compiled now, else on each use. */
export function compileTemplate(tokens: readonly TemplateToken[]): TextMatcher {
  if (!hasVariable(tokens)) return compileGlob(tokens as readonly GlobToken[]);
  return (text, scope) => {
    const resolved = resolveTemplate(tokens, scope);
    return resolved && compileGlob(resolved)(text);
  };
}

/** The tokens as text again, variables as written: for documents whose variables are literal there. */
export function literalVariables(tokens: readonly TemplateToken[]): GlobToken[] {
  return tokens.map((token) => (isVariable(token) ? token.written : token));
}

/** True when the tokens hold a wildcard. */
export function hasWildcard(tokens: readonly TemplateToken[]): boolean {
  return tokens.includes(anyRun) || tokens.includes(anyOne);
}
