// Regions and availability zones, as facts of AWS. Every region is served, and has three zones here.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html

/** Regions that every account has. */
export const openRegions: readonly string[] = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

/** Regions that an account must ask for, in AWS. */
export const optInRegions: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
];

const LETTERS = ['a', 'b', 'c'] as const;

/** Names of the zones of a region, e.g. `us-east-1a`. */
export function zonesOf(region: string): readonly string[] {
  return LETTERS.map((letter) => region + letter);
}

const directions: Readonly<Record<string, string>> = {
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

/** `use1-az1` of `us-east-1a`. AWS draws the order for each account. */
export function zoneIdOf(zone: string): string {
  const region = zone.slice(0, -1);
  const [area = '', ...rest] = region.split('-');
  const short = rest.map((word) => directions[word] ?? word).join('');
  return `${area}${short}-az${zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0) + 1}`;
}
