// Finds keys that stand twice in one object of a JSON text; JSON.parse keeps the last without a word.

interface Frame {
  /** Path of the object or array itself. */
  readonly path: string;
  /** Keys seen so far, for objects. */
  readonly keys: Set<string> | undefined;
  /** Index of the current item, for arrays. */
  index: number;
  key: string;
}

/**
 * Paths of duplicate keys, in order: `metadata.name`, `spec.containers[0].image`. The text must be valid JSON
 * (parse it first); each repeated path is reported once.
 */
export function duplicateFields(text: string): string[] {
  const found = new Set<string>();
  const frames: Frame[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const top = frames.at(-1);
    if (char === '"') {
      const end = stringEnd(text, at);
      if (top?.keys && isKey(text, end)) noteKey(top, JSON.parse(text.slice(at, end + 1)) as string, found);
      at = end;
    } else {
      step(frames, char);
    }
  }
  return [...found];
}

/** Opens, closes or advances the innermost object or array. */
function step(frames: Frame[], char: string | undefined): void {
  const top = frames.at(-1);
  if (char === '{') frames.push({ path: childPath(top), keys: new Set(), index: 0, key: '' });
  else if (char === '[') frames.push({ path: childPath(top), keys: undefined, index: 0, key: '' });
  else if (char === '}' || char === ']') frames.pop();
  else if (char === ',' && top) top.index++;
}

function noteKey(frame: Frame, key: string, found: Set<string>): void {
  frame.key = key;
  if (frame.keys?.has(key)) found.add(childPath(frame));
  frame.keys?.add(key);
}

function childPath(frame: Frame | undefined): string {
  if (!frame) return '';
  if (!frame.keys) return `${frame.path}[${frame.index}]`;
  return frame.path === '' ? frame.key : `${frame.path}.${frame.key}`;
}

/** Index of the quote that closes the string opened at `start`. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** True when the string that ends at `end` is followed by a colon. */
function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}
