// Random full values for the shapes of a model, from a seed, for the tests of the codecs.
import { randomBytes } from 'node:crypto';
import type { MemberSlot, Shape, Slot, Structure } from '@pergola/aws-model';

const words = [
  'a',
  'Zz9',
  'x y',
  'q&a',
  '<t>',
  '"q"',
  "it's",
  'ü',
  '日本',
  '😀',
  'a+b',
  '50%',
  'é/ö',
  '{"k":[1]}',
];

/** A repeatable source of values. */
export class RandomShapes {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 ≤ n < `below`, by mulberry32. */
  integer(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  /** Every member set; lists and maps never empty; recursion ends after some levels. */
  structure(shape: Structure, depth = 0): Record<string, unknown> {
    const chosen = shape.union
      ? [shape.members[this.integer(shape.members.length)] as MemberSlot]
      : shape.members;
    const entries = chosen.flatMap((member): [string, unknown][] => {
      const value = this.#member(member, depth);
      return value === undefined ? [] : [[member.name, value]];
    });
    return Object.fromEntries(entries);
  }

  text(): string {
    return `${this.#word()}${this.#word()}${this.integer(1000)}`;
  }

  /** Fit for a header. */
  token(): string {
    return `t-${this.integer(1_000_000).toString(36)}`;
  }

  #word(): string {
    return words[this.integer(words.length)] ?? '';
  }

  #member(member: MemberSlot, depth: number): unknown {
    const { binding, name } = member;
    if (name === 'Bucket' && binding.label) return `bucket-${this.integer(1000)}.x`;
    if (binding.header === 'x-amz-sdk-checksum-algorithm') return 'CRC32';
    // The JavaScript client's second name for the header Expires.
    if (name === 'ExpiresString') return undefined;
    // A number to botocore, text to the JavaScript client.
    if (name.endsWith('PartNumberMarker')) return String(this.integer(1000));
    const inHead = binding.header !== undefined || binding.headers !== undefined;
    return this.#value(member, depth, inHead);
  }

  #value(slot: Slot, depth: number, inHead = false): unknown {
    const { shape } = slot;
    switch (shape.kind) {
      case 'string':
        return inHead ? this.token() : this.text();
      case 'number':
        return this.integer(2_000_000_000);
      case 'boolean':
        return this.integer(2) === 1;
      case 'blob':
      case 'stream':
        return new Uint8Array(randomBytes(1 + this.integer(20)));
      case 'timestamp':
        return new Date(
          1_600_000_000_000 +
            this.integer(200_000_000) * 1000 +
            (inHead || shape.format === 'http-date' ? 0 : this.integer(1000)),
        );
      default:
        return this.#composite(shape, depth, inHead);
    }
  }

  #composite(shape: Shape, depth: number, inHead: boolean): unknown {
    if (shape.kind === 'structure') return depth > 7 ? undefined : this.structure(shape, depth + 1);
    const count = 1 + this.integer(2);
    const items = Array.from({ length: count }, () =>
      shape.kind === 'list'
        ? this.#value(shape.element, depth + 1, inHead)
        : shape.kind === 'map'
          ? this.#value(shape.value, depth + 1, inHead)
          : undefined,
    ).filter((item) => item !== undefined);
    if (shape.kind === 'list') return items.length === 0 ? undefined : items;
    if (items.length === 0) return undefined;
    return Object.fromEntries(items.map((item) => [inHead ? this.token() : this.text(), item]));
  }
}
