// Names that a client chose as parts of store keys. The store orders keys by their bytes but treats the lowest control
// characters specially, and its highest character must stay free to mean "after all of these".
/* oxlint-disable no-control-regex -- control characters are what this file is about. */

/** Sorts after every escaped key that begins with what stands before it. */
export const LAST = '\u{10ffff}';

/** Writes the few special characters as two that keep the order of the keys. */
export function escapeKey(key: string): string {
  if (!/[\0-\x05\u{10fffe}\u{10ffff}]/u.test(key)) return key;
  return key
    .replace(/[\0-\x05]/g, (control) => `\x05${String.fromCharCode(0x30 + control.charCodeAt(0))}`)
    .replace(/[\u{10fffe}\u{10ffff}]/gu, (last) => `\u{10fffe}${last === LAST ? 'b' : 'a'}`);
}

/** The key that `escapeKey` was given. */
export function unescapeKey(escaped: string): string {
  if (!/[\x05\u{10fffe}]/u.test(escaped)) return escaped;
  return escaped
    .replace(/\x05(.)/g, (_, letter: string) => String.fromCharCode(letter.charCodeAt(0) - 0x30))
    .replace(/\u{10fffe}(.)/gu, (_, letter: string) => (letter === 'b' ? LAST : '\u{10fffe}'));
}
