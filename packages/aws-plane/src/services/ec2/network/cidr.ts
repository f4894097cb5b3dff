// CIDR blocks of IPv4 and IPv6: read, compared, put into their usual form.
import { isIPv4, isIPv6 } from 'node:net';

export interface Cidr {
  readonly family: 4 | 6;
  /** The first address of the block. */
  readonly first: bigint;
  /** Bits that are fixed. */
  readonly prefix: number;
}

const bitsOf = { 4: 32, 6: 128 } as const;

/** Reads `ADDRESS/PREFIX`; bits behind the prefix are dropped. Undefined when it is none. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([0-9A-Fa-f.:]{2,45})\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  const prefix = Number(digits);
  if (!family || prefix > bitsOf[family]) return undefined;
  const rest = BigInt(bitsOf[family] - prefix);
  const value = family === 4 ? ipv4Value(address) : ipv6Value(address);
  return { family, first: (value >> rest) << rest, prefix };
}

/** In the usual form: the first address, IPv6 compressed. */
export function renderCidr({ family, first, prefix }: Cidr): string {
  return `${family === 4 ? ipv4Text(first) : ipv6Text(first)}/${prefix}`;
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.prefix <= inner.prefix && overlaps(outer, inner);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  if (a.family !== b.family) return false;
  const rest = BigInt(bitsOf[a.family] - Math.min(a.prefix, b.prefix));
  return a.first >> rest === b.first >> rest;
}

function ipv4Value(address: string): bigint {
  return address.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function ipv6Value(address: string): bigint {
  return groupsOf(address).reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** The eight groups of an address, however it is shortened. */
function groupsOf(address: string): string[] {
  const plain = address.replace(/(\d+\.\d+\.\d+\.\d+)$/, (ipv4) => {
    const value = ipv4Value(ipv4);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}

function ipv4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
}

/** As RFC 5952 has it: the first of the longest runs of zeroes, if it is longer than one group, is left out. */
function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  const runs = [
    ...groups
      .map((group) => (group === '0' ? '0' : '1'))
      .join('')
      .matchAll(/00+/g),
  ];
  const longest = runs.sort((a, b) => b[0].length - a[0].length)[0];
  if (!longest) return groups.join(':');
  const left = groups.slice(0, longest.index).join(':');
  const right = groups.slice(longest.index + longest[0].length).join(':');
  return `${left}::${right}`;
}
