// Partitions: what a region's ARNs and hosts are called.

interface Partition {
  readonly name: string;
  readonly regions: RegExp;
  readonly domain: string;
  /** Where IAM, which has no regions, lives and what its signatures name. */
  readonly globalRegion: string;
}

const partitions: readonly Partition[] = [
  { name: 'aws-cn', regions: /^cn-/, domain: 'amazonaws.com.cn', globalRegion: 'cn-north-1' },
  { name: 'aws-us-gov', regions: /^us-gov-/, domain: 'amazonaws.com', globalRegion: 'us-gov-west-1' },
  { name: 'aws-iso', regions: /^us-iso-/, domain: 'c2s.ic.gov', globalRegion: 'us-iso-east-1' },
  { name: 'aws-iso-b', regions: /^us-isob-/, domain: 'sc2s.sgov.gov', globalRegion: 'us-isob-east-1' },
  { name: 'aws-iso-e', regions: /^eu-isoe-/, domain: 'cloud.adc-e.uk', globalRegion: 'eu-isoe-west-1' },
  { name: 'aws-iso-f', regions: /^us-isof-/, domain: 'csp.hci.ic.gov', globalRegion: 'us-isof-south-1' },
  { name: 'aws-eusc', regions: /^eusc-/, domain: 'amazonaws.eu', globalRegion: 'eusc-de-east-1' },
];

const commercial: Partition = {
  name: 'aws',
  regions: /^/,
  domain: 'amazonaws.com',
  globalRegion: 'us-east-1',
};

function partition(region: string): Partition {
  return partitions.find(({ regions }) => regions.test(region)) ?? commercial;
}

/** The partition in whose ARNs the resources of `region` are named. */
export function partitionOf(region: string): string {
  return partition(region).name;
}

/** The domain under which the services of `region` are found. */
export function domainOf(region: string): string {
  return partition(region).domain;
}

/** The region that calls to `service` are signed for when the caller works in `region`. */
export function signingRegionOf(service: string, region: string): string {
  return service === 'iam' ? partition(region).globalRegion : region;
}
