// Regular expressions as CloudWatch takes them, made JavaScript's. What JavaScript would silently read otherwise
// is refused.
import { type Place, QueryFailure } from '../syntax/token.ts';

/** Letters that mean the same behind a backslash in both worlds. */
const sharedEscapes = 'dDwWsSbBnrtfvxuck';
const anchors: Readonly<Record<string, string>> = { A: '^', z: '$', Z: '$' };
const leadingFlags = /^(\^?)\(\?([ims]+)\)/;

/** Throws a QueryFailure at `place` when the pattern is none, or means something else here. */
export function compileRegex(source: string, flags: string, place: Place): RegExp {
  const [whole = '', caret = '', inline = ''] = leadingFlags.exec(source) ?? [];
  const body = caret + source.slice(whole.length);
  const wanted = new Set((flags + inline).toLowerCase().split(''));
  for (const flag of wanted) {
    if (!'ims'.includes(flag)) throw new QueryFailure(`unexpected regular expression flag ${flag}`, place);
  }
  if (/\(\?[a-z-]*[ims][a-z-]*[):]/.test(body)) {
    throw new QueryFailure('flags inside a regular expression are supported at its beginning only', place);
  }
  const translated = translate(body, place);
  if (/\\[pP]\{/.test(translated)) wanted.add('u');
  try {
    return new RegExp(translated, [...wanted].join(''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new QueryFailure(`invalid regular expression: ${reason}`, place);
  }
}

function translate(body: string, place: Place): string {
  if (/\[\[:/.test(body)) throw new QueryFailure('classes like [[:alpha:]] are not supported', place);
  return body
    .replace(/\\([\s\S])/g, (escape, char: string) => translateEscape(escape, char, place))
    .replaceAll('(?P<', '(?<');
}

function translateEscape(escape: string, char: string, place: Place): string {
  if (!/[A-Za-z]/.test(char) || sharedEscapes.includes(char) || char === 'p' || char === 'P') return escape;
  const anchor = anchors[char];
  if (anchor === undefined) {
    throw new QueryFailure(`the escape ${escape} of regular expressions is not supported`, place);
  }
  return anchor;
}

/** The text that a pattern stands for when it has no operators; undefined when it has. */
export function literalOf({ source, flags }: RegExp): string | undefined {
  if (flags !== '') return undefined;
  let text = '';
  for (const [piece] of source.matchAll(/\\?[\s\S]/g)) {
    const escaped = piece.length > 1;
    const char = piece.slice(-1);
    if (escaped ? /[A-Za-z0-9]/.test(char) : /[\\^$.*+?()[\]{}|]/.test(char)) return undefined;
    text += char;
  }
  return text;
}
