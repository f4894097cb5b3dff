// The packets of the MySQL protocol, as far as statements of our own need them.
// https://mariadb.com/kb/en/clientserver-protocol/

/** Reads one packet from its beginning; what is not there is an error. */
export class PacketReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(size: number): Buffer {
    if (size > this.left) throw new Error('a packet of the server ends too early');
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  /** Little-endian, of up to six bytes. */
  number(size: number): number {
    return this.take(size).readUIntLE(0, size);
  }

  /** Up to the next zero byte, or all that is left. */
  untilZero(): Buffer {
    const end = this.#bytes.indexOf(0, this.#at);
    const text = this.take((end < 0 ? this.#bytes.length : end) - this.#at);
    if (end >= 0) this.#at++;
    return text;
  }

  rest(): Buffer {
    return this.take(this.left);
  }

  /** A number of one, three, four or nine bytes; undefined for the mark that stands for NULL. */
  counted(): number | undefined {
    const first = this.number(1);
    if (first < 0xfb) return first;
    if (first === 0xfb) return undefined;
    if (first === 0xfc) return this.number(2);
    if (first === 0xfd) return this.number(3);
    return Number(this.take(8).readBigUInt64LE());
  }

  text(): string | null {
    const size = this.counted();
    return size === undefined ? null : this.take(size).toString();
  }
}

/** Puts the head, length and number, in front of a packet of less than 16 MiB. */
export function framed(number: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head.writeUInt8(number & 0xff, 3);
  return Buffer.concat([head, body]);
}

export interface Greeting {
  readonly scramble: Buffer;
}

const SCRAMBLE_BYTES = 20;

/** The server's first packet. */
export function readGreeting(packet: Buffer): Greeting {
  const reader = new PacketReader(packet);
  const version = reader.number(1);
  if (version !== 10) throw new Error(`the server speaks protocol ${version}`);
  reader.untilZero();
  reader.take(4);
  const first = reader.take(8);
  // A zero byte, capabilities, character set, status, capabilities, length of the scramble, ten bytes of no use to us.
  reader.take(1 + 2 + 1 + 2 + 2 + 1 + 10);
  return { scramble: Buffer.concat([first, reader.take(SCRAMBLE_BYTES - first.length)]) };
}

const LONG_PASSWORD = 0x1;
const PROTOCOL_41 = 0x200;
const TRANSACTIONS = 0x2000;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x80000;
const PACKET_MAX = 0xff_ffff;
const UTF8MB4_GENERAL_CI = 45;

/** Who logs in, with the proof of the password. */
export function loginPacket(user: string, proof: Buffer): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(LONG_PASSWORD | PROTOCOL_41 | TRANSACTIONS | SECURE_CONNECTION | PLUGIN_AUTH, 0);
  head.writeUInt32LE(PACKET_MAX, 4);
  head.writeUInt8(UTF8MB4_GENERAL_CI, 8);
  return Buffer.concat([
    head,
    Buffer.from(`${user}\0`),
    Buffer.from([proof.length]),
    proof,
    Buffer.from('mysql_native_password\0'),
  ]);
}

/** An error of the server: a number (1238: a variable that cannot be changed) and its words. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function readError(packet: Buffer): ServerError {
  const reader = new PacketReader(packet.subarray(1));
  const code = reader.number(2);
  const words = reader.rest().toString();
  return new ServerError(code, words.startsWith('#') ? words.slice(6) : words);
}
