// IP addresses and CIDR ranges, versions 4 and 6. An IPv4 address mapped into IPv6 is the IPv4 address.
import { isIPv4, isIPv6 } from 'node:net';

/** An address or a range: the bytes (4 or 16) and how many leading bits count. */
export interface IpRange {
  readonly bytes: readonly number[];
  readonly bits: number;
}

/** Reads `10.0.0.0/8`, `2001:db8::/32` or a bare address, which is a range of one. */
export function parseIpRange(text: string): IpRange | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const bytes = parseIp(address);
  if (!bytes || rest.length > 0) return undefined;
  const bitsMax = bytes.length * 8;
  if (prefix === undefined) return { bytes, bits: bitsMax };
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  return bits <= bitsMax ? { bytes, bits } : undefined;
}

/** True when all of `address` lies in `range`. Versions never match one another. */
export function ipInRange(address: IpRange, range: IpRange): boolean {
  if (address.bytes.length !== range.bytes.length || address.bits < range.bits) return false;
  const whole = range.bits >> 3;
  for (let i = 0; i < whole; i++) if (address.bytes[i] !== range.bytes[i]) return false;
  const left = 8 - (range.bits & 7);
  return left === 8 || (address.bytes[whole] ?? 0) >> left === (range.bytes[whole] ?? 0) >> left;
}

function parseIp(text: string): readonly number[] | undefined {
  if (isIPv4(text)) return text.split('.').map(Number);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const bytes = parseIpv6(text);
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? bytes.slice(12) : bytes;
}

/** Bytes of an address that isIPv6 has accepted. */
function parseIpv6(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const before = groupBytes(head);
  if (tail === undefined) return before;
  const after = groupBytes(tail);
  return [...before, ...Array<number>(16 - before.length - after.length).fill(0), ...after];
}

function groupBytes(text: string): number[] {
  return text
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      if (group.includes('.')) return group.split('.').map(Number);
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 255];
    });
}
