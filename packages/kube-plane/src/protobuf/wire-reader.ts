// Reads the protobuf wire format: tags, varints, fixed words and length-delimited bytes, with every bound checked.

/** Input that is not protobuf. The message is what the Go library says. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

export const wireType = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

export interface Tag {
  readonly field: number;
  readonly wire: number;
}

/** A cursor over one message. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  tag(): Tag {
    const value = this.varint();
    const field = Number(value >> 3n);
    const wire = Number(value & 7n);
    if (field < 1 || field > 0x1fffffff)
      throw new WireError(`proto: illegal tag ${field} (wire type ${wire})`);
    return { field, wire };
  }

  /** An unsigned 64-bit integer. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new WireError('unexpected EOF');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('proto: integer overflow');
  }

  /** An int32 or int64 as a number; beyond 2^53 the nearest. */
  integer(): number {
    return Number(BigInt.asIntN(64, this.varint()));
  }

  double(): number {
    this.#need(8);
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  bytes(): Uint8Array {
    const size = Number(this.varint());
    this.#need(size);
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  text(): string {
    return Buffer.from(this.bytes()).toString('utf8');
  }

  /** Passes over a field that is not known. */
  skip(wire: number): void {
    switch (wire) {
      case wireType.varint:
        this.varint();
        return;
      case wireType.fixed64:
        this.#advance(8);
        return;
      case wireType.bytes:
        this.bytes();
        return;
      case wireType.fixed32:
        this.#advance(4);
        return;
      default:
        // Groups are older than any Kubernetes message.
        throw new WireError(`proto: illegal wireType ${wire}`);
    }
  }

  #advance(size: number): void {
    this.#need(size);
    this.#at += size;
  }

  #need(size: number): void {
    if (size > this.#bytes.length - this.#at) throw new WireError('unexpected EOF');
  }
}

/** The last integer and the last byte string of each field of a message without repeated fields. */
export function readFlat(bytes: Uint8Array) {
  const reader = new WireReader(bytes);
  const integers = new Map<number, number>();
  const blobs = new Map<number, Uint8Array>();
  while (!reader.atEnd) {
    const { field, wire } = reader.tag();
    if (wire === wireType.varint) integers.set(field, reader.integer());
    else if (wire === wireType.bytes) blobs.set(field, reader.bytes());
    else reader.skip(wire);
  }
  return { integers, blobs };
}

/** One string of such a message; '' when it is absent. */
export function flatText(bytes: Uint8Array | undefined, field: number): string {
  return Buffer.from(readFlat(bytes ?? new Uint8Array()).blobs.get(field) ?? []).toString('utf8');
}
