// Wildcard matching in time proportional to the text: `*` is any run of characters, `?` any one.
// A pattern becomes chunks between its stars; each is searched once, leftmost first, never again, so
// no pattern can make it slow.

/** Part of a pattern: literal text, or a wildcard. */
export type GlobToken = string | typeof anyRun | typeof anyOne;

export const anyRun = Symbol('*');
export const anyOne = Symbol('?');

/** Answers for one text. */
export type TextTest = (text: string) => boolean;

/** Literal text whose characters at `holes` match anything. */
interface Chunk {
  readonly text: string;
  readonly holes: readonly number[];
}

/** Tokens of a pattern in which every `*` and `?` is a wildcard. */
export function globTokens(pattern: string): GlobToken[] {
  return pattern
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? anyRun : part === '?' ? anyOne : part));
}

/** Compiles tokens once into the cheapest test that does. Case-sensitive. */
export function compileGlob(tokens: readonly GlobToken[]): TextTest {
  const chunks = chunksOf(tokens);
  if (chunks.some((chunk) => chunk.holes.length > 0)) return (text) => matchChunks(chunks, text);
  const [first = '', last = ''] = [chunks[0]?.text, chunks.at(-1)?.text];
  if (chunks.length === 1) return (text) => text === first;
  if (chunks.length > 2) return (text) => matchChunks(chunks, text);
  if (last === '') return first === '' ? () => true : (text) => text.startsWith(first);
  const lengthMin = first.length + last.length;
  return (text) => text.length >= lengthMin && text.startsWith(first) && text.endsWith(last);
}

/** The pattern cut at its stars: n stars make n + 1 chunks, some of them empty. */
function chunksOf(tokens: readonly GlobToken[]): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let text = '';
  let holes: number[] = [];
  for (const token of tokens) {
    if (token === anyRun) {
      chunks.push({ text, holes });
      text = '';
      holes = [];
    } else if (token === anyOne) {
      holes.push(text.length);
      text += '?';
    } else {
      text += token;
    }
  }
  chunks.push({ text, holes });
  return chunks;
}

function matchChunks(chunks: readonly Chunk[], text: string): boolean {
  const [first, ...rest] = chunks;
  const last = rest.pop();
  if (!first) return text === '';
  if (!last) return text.length === first.text.length && chunkAt(first, text, 0);
  const tail = text.length - last.text.length;
  if (tail < first.text.length || !chunkAt(first, text, 0) || !chunkAt(last, text, tail)) return false;
  let at = first.text.length;
  for (const chunk of rest) {
    const found = findChunk(chunk, text, at);
    if (found < 0) return false;
    at = found + chunk.text.length;
  }
  return at <= tail;
}

function findChunk(chunk: Chunk, text: string, from: number): number {
  if (chunk.holes.length === 0) return text.indexOf(chunk.text, from);
  for (let at = from; at + chunk.text.length <= text.length; at++) if (chunkAt(chunk, text, at)) return at;
  return -1;
}

function chunkAt(chunk: Chunk, text: string, at: number): boolean {
  if (chunk.holes.length === 0) return text.startsWith(chunk.text, at);
  let from = 0;
  for (const hole of chunk.holes) {
    if (!text.startsWith(chunk.text.slice(from, hole), at + from)) return false;
    from = hole + 1;
  }
  return text.startsWith(chunk.text.slice(from), at + from);
}
