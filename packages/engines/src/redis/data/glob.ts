// Redis's patterns: `*`, `?`, `[a-z]`, `[^a]` and a backslash. Matched step by step, so that no pattern takes more
// than the product of both lengths.

/** A function that tells whether a text matches. */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true;
  if (!/[*?[\\]/.test(pattern)) return (text) => text === pattern;
  const parts = parse(pattern);
  return (text) => matches(parts, text);
}

type Part = '*' | ((character: string) => boolean);

function parse(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '*') {
      if (parts.at(-1) !== '*') parts.push('*');
    } else if (character === '?') {
      parts.push(() => true);
    } else if (character === '[') {
      const end = closing(pattern, at);
      parts.push(classOf(pattern.slice(at + 1, end)));
      at = end;
    } else {
      if (character === '\\' && at + 1 < pattern.length) at++;
      const literal = pattern.charAt(at);
      parts.push((other) => other === literal);
    }
  }
  return parts;
}

function closing(pattern: string, open: number): number {
  for (let at = open + 1; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === ']') return at;
  }
  return pattern.length;
}

function classOf(body: string): (character: string) => boolean {
  const negated = body.startsWith('^');
  const ranges: [string, string][] = [];
  for (let at = negated ? 1 : 0; at < body.length; at++) {
    if (body[at] === '\\' && at + 1 < body.length) at++;
    const from = body.charAt(at);
    if (body[at + 1] === '-' && at + 2 < body.length) {
      const to = body.charAt(at + 2);
      ranges.push(from <= to ? [from, to] : [to, from]);
      at += 2;
    } else ranges.push([from, from]);
  }
  return (character) => ranges.some(([from, to]) => character >= from && character <= to) !== negated;
}

function matches(parts: readonly Part[], text: string): boolean {
  let [part, at] = [0, 0];
  /** Where to go on when what follows the last star does not match. */
  let [starPart, starAt] = [-1, 0];
  while (at < text.length) {
    const current = parts[part];
    if (current === '*') {
      [starPart, starAt] = [part, at];
      part++;
    } else if (current?.(text.charAt(at))) {
      part++;
      at++;
    } else if (starPart >= 0) {
      part = starPart + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part] === '*') part++;
  return part === parts.length;
}
