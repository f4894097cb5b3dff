// Splits a label selector into its words and signs.

export interface SelectorToken {
  /** A word or one of `, ( ) ! = == !=`; '' marks the end. */
  readonly text: string;
}

const pattern = /\s*(==|!=|[,()!=<>]|[^\s,()!=<>]+)/gy;

/** The tokens of `text`, the end mark included. */
export function tokensOf(text: string): SelectorToken[] {
  const tokens = [...text.matchAll(pattern)].map((match) => ({ text: match[1] ?? '' }));
  return [...tokens, { text: '' }];
}
