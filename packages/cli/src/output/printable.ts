// Texts from elsewhere, made fit for a terminal.
import { stripVTControlCharacters } from 'node:util';

/** Control characters and those that turn the direction of writing become visible; tabs and line ends stay. */
export function printable(text: string): string {
  return text.replaceAll(/(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? String.raw`\u${code}` : String.raw`\x${code.padStart(2, '0')}`;
  });
}

/** At most `columns` characters, on one line. */
export function shorten(text: string, columns: number): string {
  const line = printable(text).replaceAll(/[\t\n]/g, ' ');
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
}

/** At most `columns` characters, of which the end is kept: names of one family differ there. */
export function shortenFront(text: string, columns: number): string {
  const line = printable(text).replaceAll(/[\t\n]/g, ' ');
  return line.length <= columns ? line : `…${line.slice(line.length - columns + 1)}`;
}

/** Words of more than `columns` characters lose their middle: names and ARNs begin with their kind and differ at the end. */
export function shortenWords(text: string, columns: number): string {
  return text
    .split(' ')
    .map((word) => (word.length <= columns ? word : withoutMiddle(word, columns)))
    .join(' ');
}

function withoutMiddle(word: string, columns: number): string {
  const end = (columns - 1) >> 1;
  return `${word.slice(0, columns - 1 - end)}…${word.slice(word.length - end)}`;
}

/** Lines of at most `columns` characters, broken between words; those after the first are indented by two. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(20, columns)));
}

function wrapLine(text: string, columns: number): string[] {
  if (stripVTControlCharacters(text).length <= columns) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of shortenWords(text, columns - 2).split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = `  ${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
