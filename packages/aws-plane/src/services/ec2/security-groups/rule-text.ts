// The words of rules: what descriptions may contain, how errors name a rule, which protocols have names.
import type { Rule } from '../state.ts';

/** Descriptions and names of groups and rules: up to 255 of these characters. */
export const DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

const numbers: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };
const named: ReadonlySet<string> = new Set(['tcp', 'udp', 'icmp', 'icmpv6']);

/** A protocol as rules have it: `-1`, one of the four names, or a number. Undefined when it is none. */
export function protocolOf(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (lower === '-1' || lower === 'all') return '-1';
  if (named.has(lower)) return lower;
  if (!/^(0|[1-9]\d{0,2})$/.test(lower) || Number(lower) > 255) return undefined;
  return numbers[lower] ?? lower;
}

export function hasPorts(protocol: string): boolean {
  return protocol === 'tcp' || protocol === 'udp';
}

/** `peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW` */
export function ruleText({ peer, protocol, fromPort, toPort }: Rule): string {
  const who = 'cidrIpv4' in peer ? peer.cidrIpv4 : 'cidrIpv6' in peer ? peer.cidrIpv6 : peer.groupId;
  if (protocol === '-1') return `peer: ${who}, ALL, ALLOW`;
  const name = protocol.toUpperCase();
  return hasPorts(protocol)
    ? `peer: ${who}, ${name}, from port: ${fromPort}, to port: ${toPort}, ALLOW`
    : `peer: ${who}, ${name}, type: ${fromPort}, code: ${toPort}, ALLOW`;
}
