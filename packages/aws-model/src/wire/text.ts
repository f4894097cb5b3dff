// Bytes of a body as text, strictly.
import { isAscii } from 'node:buffer';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of `bytes`, or undefined when they are not UTF-8. A byte-order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  // What is plain is copied as it is, many times as fast; most bodies are.
  if (Buffer.isBuffer(bytes) && isAscii(bytes)) return bytes.toString('latin1');
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined; // The only thing that `decode` throws is this verdict.
  }
}

/** Undoes percent-encoding; undefined where it is broken or not UTF-8. `+` stays. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // As above.
  }
}

/** A value of a query string or form, where `+` stands for a space. */
export function decodeFormText(text: string): string | undefined {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** Base64 to bytes; undefined when it is not base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 === 1) return undefined;
  return new Uint8Array(Buffer.from(text, 'base64'));
}
