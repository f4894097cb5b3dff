// The words without which a regular expression cannot match.

/** For each alternative of a pattern the longest word without which it cannot match; undefined when one has none. */
export function requiredWords(regex: RegExp): string[] | undefined {
  if (/[iu]/.test(regex.flags)) return undefined;
  const words: string[] = [];
  for (const alternative of alternatives(regex.source)) {
    const word = longestRun(alternative);
    if (word.length < 2) return undefined;
    words.push(word);
  }
  return words;
}

/** The pattern's pieces at its top level: characters, escapes, classes and groups. */
function pieces(source: string): string[] {
  const found: string[] = [];
  for (let index = 0; index < source.length; ) {
    const end = pieceEnd(source, index);
    found.push(source.slice(index, end));
    index = end;
  }
  return found;
}

/** Escapes that are longer than a backslash and a letter. */
const escape = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|k<[^>]*>|\d+)/;

function pieceEnd(source: string, start: number): number {
  const char = source[start];
  if (char === '\\') return start + (escape.exec(source.slice(start, start + 64))?.[0].length ?? 2);
  if (char === '{') return Math.max(source.indexOf('}', start), start) + 1;
  if (char === '[') return classEnd(source, start);
  return char === '(' ? groupEnd(source, start) : start + 1;
}

function classEnd(source: string, start: number): number {
  for (let index = start + 1; index < source.length; index += 1) {
    if (source[index] === '\\') index += 1;
    else if (source[index] === ']') return index + 1;
  }
  return source.length;
}

function groupEnd(source: string, start: number): number {
  let index = start + 1;
  while (index < source.length && source[index] !== ')') index = pieceEnd(source, index);
  return index + 1;
}

function alternatives(source: string): string[][] {
  const found: string[][] = [[]];
  for (const piece of pieces(source)) {
    if (piece === '|') found.push([]);
    else found.at(-1)?.push(piece);
  }
  return found;
}

function longestRun(alternative: readonly string[]): string {
  let best = '';
  let run = '';
  const close = () => {
    if (run.length > best.length) best = run;
    run = '';
  };
  for (const piece of alternative) {
    const literal = literalPiece(piece);
    if (literal !== undefined) {
      run += literal;
      continue;
    }
    // The character before a quantifier may be missing, unless the quantifier is a plus.
    if (/^[*?{]/.test(piece)) run = run.slice(0, -1);
    close();
  }
  close();
  return best;
}

function literalPiece(piece: string): string | undefined {
  if (/^\\[^A-Za-z0-9]$/.test(piece)) return piece.slice(1);
  return piece.length === 1 && !/[\\^$.*+?()[\]{}|]/.test(piece) ? piece : undefined;
}
