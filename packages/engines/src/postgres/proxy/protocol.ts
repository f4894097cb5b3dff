// The first messages of PostgreSQL's protocol, as far as somebody in the middle must understand them.
// https://www.postgresql.org/docs/17/protocol-message-formats.html

/** As PostgreSQL itself bounds them. */
export const STARTUP_BYTES_MAX = 10_000;
/** Tokens are about 1,500 bytes; those of long sessions reach some thousands. */
export const PASSWORD_BYTES_MAX = 64 * 1024;

/** Bytes of the length field, which counts itself. */
const LENGTH_BYTES = 4;
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

/** What a client says first; `bytes` is the whole message. */
export type FirstMessage =
  | { readonly kind: 'tls' }
  | { readonly kind: 'gss' }
  | { readonly kind: 'cancel'; readonly bytes: Buffer }
  | StartupMessage;

/** Who wants to log in where. */
export interface StartupMessage {
  readonly kind: 'startup';
  readonly bytes: Buffer;
  readonly user: string;
  readonly database: string;
}

/** Reads a message of which `bytes` is all, its length included; undefined when it is none. */
export function parseFirstMessage(bytes: Buffer): FirstMessage | undefined {
  if (bytes.length < 8) return undefined;
  const code = bytes.readUInt32BE(LENGTH_BYTES);
  if (code === SSL_REQUEST) return bytes.length === 8 ? { kind: 'tls' } : undefined;
  if (code === GSS_REQUEST) return bytes.length === 8 ? { kind: 'gss' } : undefined;
  if (code === CANCEL_REQUEST) return { kind: 'cancel', bytes };
  if (code >>> 16 !== 3) return undefined;
  const parameters = parseParameters(bytes.subarray(8));
  if (!parameters) return undefined;
  const user = parameters.get('user') ?? '';
  return { kind: 'startup', bytes, user, database: parameters.get('database') || user };
}

/** Names and values, each ended by a zero byte, and a zero byte at the end. Of two with one name the last counts. */
function parseParameters(bytes: Buffer): Map<string, string> | undefined {
  const words = bytes.toString().split('\0');
  if (words.length % 2 === 1 || words.at(-1) !== '' || words.at(-2) !== '') return undefined;
  const parameters = new Map<string, string>();
  for (let at = 0; at + 3 < words.length; at += 2) parameters.set(words[at] ?? '', words[at + 1] ?? '');
  return parameters;
}

export const tlsAccepted = Buffer.from('S');
export const gssRefused = Buffer.from('N');

/** AuthenticationCleartextPassword. */
export const passwordWanted = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

/** The type byte of what a client answers to it. */
export const passwordType = 0x70;

/** An ErrorResponse that ends the connection. `code` is a SQLSTATE. */
export function fatal(code: string, message: string): Buffer {
  const fields = [`SFATAL`, `VFATAL`, `C${code}`, `M${message}`, ''].map((field) => `${field}\0`).join('');
  const body = Buffer.from(fields);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length + LENGTH_BYTES, 1);
  return Buffer.concat([head, body]);
}
