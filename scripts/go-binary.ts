// Reads the struct types (names, fields, tags) out of a statically linked 64-bit Go executable in ELF format.
// Layouts: internal/abi of Go 1.18 and later (Type, StructType, Name).
import { readFileSync } from 'node:fs';

export interface GoType {
  readonly kind: string;
  readonly name: string;
  readonly pkg?: string | undefined;
  readonly elem?: GoType | undefined;
}
export interface GoField {
  readonly name: string;
  readonly tag: string;
  readonly type: GoType;
}
export interface GoStruct extends GoType {
  readonly fields: readonly GoField[];
}
type Draft = { -readonly [K in keyof GoStruct]?: GoStruct[K] };

const kinds: Readonly<Record<number, string>> = {
  1: 'bool',
  2: 'int',
  3: 'int8',
  4: 'int16',
  5: 'int32',
  6: 'int64',
  7: 'uint',
  8: 'uint8',
  9: 'uint16',
  10: 'uint32',
  11: 'uint64',
  13: 'float32',
  14: 'float64',
  20: 'interface',
  21: 'map',
  22: 'ptr',
  23: 'slice',
  24: 'string',
  25: 'struct',
};
const uncommon = 1;
const extraStar = 2;
const named = 4;

class GoBinary {
  readonly #bytes: Buffer;
  readonly #sections: ReadonlyMap<string, { address: number; offset: number; size: number }>;
  readonly #types = new Map<number, Draft>();

  constructor(path: string) {
    this.#bytes = readFileSync(path);
    this.#sections = this.#readSections();
  }

  /** Every named struct type that can be reached from the type links. */
  structs(): GoStruct[] {
    const links = this.#section('.typelink');
    const base = this.#section('.rodata').address;
    for (let at = 0; at < links.size; at += 4) this.#type(base + this.#bytes.readInt32LE(links.offset + at));
    return [...this.#types.values()].filter(
      (type): type is GoStruct => type.kind === 'struct' && type.pkg !== undefined,
    );
  }

  #section(name: string) {
    const section = this.#sections.get(name);
    if (!section) throw new Error(`the binary has no section ${name}`);
    return section;
  }

  #readSections() {
    const bytes = this.#bytes;
    const table = Number(bytes.readBigUInt64LE(40));
    const entry = bytes.readUInt16LE(58);
    const rows = Array.from({ length: bytes.readUInt16LE(60) }, (_, index) => {
      const at = table + index * entry;
      const word = (offset: number) => Number(bytes.readBigUInt64LE(at + offset));
      return { name: bytes.readUInt32LE(at), address: word(16), offset: word(24), size: word(32) };
    });
    const names = rows[bytes.readUInt16LE(62)]?.offset ?? 0;
    return new Map(
      rows.map((row) => {
        const start = names + row.name;
        return [bytes.toString('latin1', start, bytes.indexOf(0, start)), row] as const;
      }),
    );
  }

  #offset(address: number): number {
    for (const section of this.#sections.values()) {
      if (section.address > 0 && address >= section.address && address < section.address + section.size) {
        return address - section.address + section.offset;
      }
    }
    throw new Error(`address ${address.toString(16)} is in no section`);
  }

  #pointer(address: number): number {
    return Number(this.#bytes.readBigUInt64LE(this.#offset(address)));
  }

  #name(address: number): { name: string; tag: string } {
    let at = this.#offset(address);
    const flags = this.#bytes[at++] ?? 0;
    const text = () => {
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = this.#bytes[at++] ?? 0;
        length |= (byte & 127) << shift;
        if (byte < 128) break;
      }
      at += length;
      return this.#bytes.toString('utf8', at - length, at);
    };
    return { name: text(), tag: flags & 2 ? text() : '' };
  }

  #type(address: number): Draft {
    const known = this.#types.get(address);
    if (known) return known;
    const type: Draft = {};
    this.#types.set(address, type);
    const at = this.#offset(address);
    const base = this.#section('.rodata').address;
    const flags = this.#bytes[at + 20] ?? 0;
    const text = this.#name(base + this.#bytes.readInt32LE(at + 40)).name;
    type.kind = kinds[(this.#bytes[at + 23] ?? 0) & 31] ?? 'other';
    type.name = flags & extraStar ? text.slice(1) : text;
    const elementAt = { ptr: 48, slice: 48, map: 56 }[type.kind];
    if (elementAt) type.elem = this.#whole(this.#pointer(address + elementAt));
    if (type.kind === 'struct') type.fields = this.#fields(address);
    const uncommonAt = { struct: 80, slice: 56 }[type.kind];
    if (flags & named && flags & uncommon && uncommonAt) {
      type.pkg = this.#name(base + this.#bytes.readInt32LE(at + uncommonAt)).name;
    }
    return type;
  }

  /** A type by reference: cycles are closed by the map, so the draft is complete once the walk returns. */
  #whole(address: number): GoType {
    return this.#type(address) as GoType;
  }

  #fields(address: number): GoField[] {
    const start = this.#pointer(address + 56);
    return Array.from({ length: this.#pointer(address + 64) }, (_, index) => {
      const at = start + index * 24;
      return { ...this.#name(this.#pointer(at)), type: this.#whole(this.#pointer(at + 8)) };
    });
  }
}

/** The named struct types of the Go executable at `path`. */
export function goStructs(path: string): GoStruct[] {
  return new GoBinary(path).structs();
}
