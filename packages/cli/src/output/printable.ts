// Texts from elsewhere, made fit for a terminal.

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
