// Where networks live: an account in a region. ARNs and ids of EC2.
import { alphabets, type Random } from '@pergola/kernel';

export interface Home {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** Prefix of an id, and what the resource is called in ARNs and tag specifications. */
export const nouns = {
  vpc: 'vpc',
  subnet: 'subnet',
  sg: 'security-group',
  sgr: 'security-group-rule',
  rtb: 'route-table',
  acl: 'network-acl',
  igw: 'internet-gateway',
} as const;

export type IdPrefix = keyof typeof nouns;

/** `vpc-0` and 16 hexadecimal digits. */
export function drawId(random: Random, prefix: string): string {
  return `${prefix}-0${random.text(16, alphabets.hex)}`;
}

/** The prefix of an id whose resource may have tags. */
export function prefixOf(id: string): IdPrefix | undefined {
  const prefix = id.slice(0, Math.max(0, id.indexOf('-')));
  return Object.hasOwn(nouns, prefix) ? (prefix as IdPrefix) : undefined;
}

/** `arn:aws:ec2:REGION:ACCOUNT:NOUN/ID`; `*` stands for a resource that is yet to be made. */
export function arnOf({ account, region }: Home, prefix: IdPrefix, id = '*'): string {
  return `arn:aws:ec2:${region}:${account}:${nouns[prefix]}/${id}`;
}
