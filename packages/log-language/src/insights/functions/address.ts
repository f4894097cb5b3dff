// Functions on IP addresses.
import { isIPv4, isIPv6 } from 'node:net';
import { QueryFailure } from '../syntax/token.ts';
import { toText, type Value } from '../values/value.ts';
import { argumentAt, type LanguageFunction, unary } from './function.ts';

type Family = 4 | 6;

interface Subnet {
  readonly family: Family;
  readonly bits: bigint;
  readonly prefix: number;
}

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];
/** The special-purpose registries of IANA: addresses that are not globally reachable. */
const reservedRanges = [
  '0.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '100::/64',
  '2001:db8::/32',
  'fe80::/10',
  'ff00::/8',
];

export const addressFunctions: Readonly<Record<string, LanguageFunction>> = {
  isvalidip: unary((value) => Number(parse(value) !== undefined)),
  isvalidipv4: unary((value) => Number(parse(value)?.family === 4)),
  isvalidipv6: unary((value) => Number(parse(value)?.family === 6)),
  isipinsubnet: { least: 2, most: 2, compile: (given) => inSubnet(given) },
  isipv4insubnet: { least: 2, most: 2, compile: (given) => inSubnet(given, 4) },
  isipv6insubnet: { least: 2, most: 2, compile: (given) => inSubnet(given, 6) },
  ipv4tonumber: unary((value) => {
    const address = parse(value);
    return address?.family === 4 ? Number(address.bits) : undefined;
  }),
  isprivateip: unary((value) => Number(within(value, privateRanges))),
  isreservedip: unary((value) => Number(within(value, reservedRanges))),
  ispublicip: unary((value) =>
    Number(parse(value) !== undefined && !within(value, privateRanges) && !within(value, reservedRanges)),
  ),
};

function inSubnet(...[given, family]: [Parameters<LanguageFunction['compile']>[0], Family?]) {
  const { evaluate } = argumentAt(given, 0);
  const { evaluate: evaluateSubnet, constant, node } = argumentAt(given, 1);
  const fixed = typeof constant === 'string' ? parseSubnet(constant) : undefined;
  if (typeof constant === 'string' && (!fixed || (family && fixed.family !== family))) {
    throw new QueryFailure(`${constant} is not a subnet in CIDR notation`, node);
  }
  return (row: Parameters<typeof evaluate>[0]): Value => {
    const subnet = fixed ?? parseSubnet(toText(evaluateSubnet(row)) ?? '');
    if (!subnet || (family && subnet.family !== family)) return 0;
    return Number(matches(parse(evaluate(row)), subnet));
  };
}

function within(value: Value, ranges: readonly string[]): boolean {
  const address = parse(value);
  return address !== undefined && ranges.some((range) => matches(address, subnetOf(range)));
}

function matches(address: Omit<Subnet, 'prefix'> | undefined, subnet: Subnet | undefined): boolean {
  if (!address || !subnet || address.family !== subnet.family) return false;
  const shift = BigInt((subnet.family === 4 ? 32 : 128) - subnet.prefix);
  return address.bits >> shift === subnet.bits >> shift;
}

function parseSubnet(text: string): Subnet | undefined {
  const [, host = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parse(host);
  const prefix = Number(digits);
  if (!address || prefix > (address.family === 4 ? 32 : 128)) return undefined;
  return { ...address, prefix };
}

function parse(value: Value): { readonly family: Family; readonly bits: bigint } | undefined {
  const text = toText(value);
  if (text === undefined) return undefined;
  if (isIPv4(text)) return { family: 4, bits: BigInt(numberOf4(text)) };
  if (!isIPv6(text) || text.includes('%')) return undefined;
  return { family: 6, bits: bitsOf6(text) };
}

function numberOf4(text: string): number {
  return text.split('.').reduce((bits, part) => bits * 256 + Number(part), 0);
}

function bitsOf6(text: string): bigint {
  const [, head = text, tail] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const dotted = tail === undefined ? '' : (numberOf4(tail) + 2 ** 32).toString(16).slice(-8);
  const full = dotted === '' ? text : `${head}${dotted.slice(0, 4)}:${dotted.slice(4)}`;
  const [left = '', right] = full.split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** The known ranges, each parsed when first compared with. */
const subnets = new Map<string, Subnet | undefined>();

function subnetOf(range: string): Subnet | undefined {
  if (!subnets.has(range)) subnets.set(range, parseSubnet(range));
  return subnets.get(range);
}
