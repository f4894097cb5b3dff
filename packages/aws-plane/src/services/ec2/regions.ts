// DescribeRegions, DescribeAvailabilityZones, DescribeAccountAttributes: what an account can count on.
import type {
  AccountAttribute,
  AccountAttributeName,
  AvailabilityZone,
  DescribeAccountAttributesRequest,
  DescribeAccountAttributesResult,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
  Region,
} from '@aws-sdk/client-ec2';
import { ec2Operation, homeOf } from './ec2-operation.ts';
import { faults } from './faults.ts';
import { filtered, type FilterTable } from './filters.ts';
import { list, vpcs } from './state.ts';
import { openRegions, optInRegions, zoneIdOf, zonesOf } from './zones.ts';

const regions: readonly Region[] = [
  ...openRegions.map((name) => regionOf(name, 'opt-in-not-required')),
  ...optInRegions.map((name) => regionOf(name, 'not-opted-in')),
];

function regionOf(RegionName: string, OptInStatus: string): Region {
  return { RegionName, Endpoint: `ec2.${RegionName}.amazonaws.com`, OptInStatus };
}

const regionFilters: FilterTable<Region & { readonly tags?: never }> = {
  'region-name': ({ RegionName }) => RegionName,
  endpoint: ({ Endpoint }) => Endpoint,
  'opt-in-status': ({ OptInStatus }) => OptInStatus,
};

export const describeRegions = ec2Operation<DescribeRegionsRequest, DescribeRegionsResult>({
  name: 'DescribeRegions',
  handle(_, { AllRegions, RegionNames: names = [], Filters }) {
    const unknown = names.find((name) => !regions.some(({ RegionName }) => RegionName === name));
    if (unknown !== undefined) throw faults.invalidValue(`Invalid region provided: ${unknown}`);
    const asked = regions.filter(({ RegionName = '', OptInStatus }) =>
      names.length > 0
        ? names.includes(RegionName)
        : AllRegions === true || OptInStatus === 'opt-in-not-required',
    );
    return { Regions: filtered(asked, Filters, regionFilters) };
  },
});

const zoneFilters: FilterTable<AvailabilityZone & { readonly tags?: never }> = {
  'zone-name': ({ ZoneName }) => ZoneName,
  'zone-id': ({ ZoneId }) => ZoneId,
  'zone-type': ({ ZoneType }) => ZoneType,
  'region-name': ({ RegionName }) => RegionName,
  'group-name': ({ GroupName }) => GroupName,
  'group-long-name': ({ GroupLongName }) => GroupLongName,
  'network-border-group': ({ NetworkBorderGroup }) => NetworkBorderGroup,
  'opt-in-status': ({ OptInStatus }) => OptInStatus,
  'parent-zone-id': () => undefined,
  'parent-zone-name': () => undefined,
  message: () => undefined,
  state: ({ State }) => State,
};

export const describeAvailabilityZones = ec2Operation<
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult
>({
  name: 'DescribeAvailabilityZones',
  handle({ region }, { ZoneNames: names = [], ZoneIds: ids = [], Filters }) {
    const zones = zonesOf(region).map((name) => zoneShape(region, name));
    const unknown =
      names.find((name) => !zones.some(({ ZoneName }) => ZoneName === name)) ??
      ids.find((id) => !zones.some(({ ZoneId }) => ZoneId === id));
    if (unknown !== undefined) throw faults.invalidValue(`Invalid availability zone: [${unknown}]`);
    const asked = zones.filter(
      ({ ZoneName = '', ZoneId = '' }) =>
        (names.length === 0 || names.includes(ZoneName)) && (ids.length === 0 || ids.includes(ZoneId)),
    );
    return { AvailabilityZones: filtered(asked, Filters, zoneFilters) };
  },
});

function zoneShape(region: string, ZoneName: string): AvailabilityZone {
  return {
    ZoneName,
    ZoneId: zoneIdOf(ZoneName),
    ZoneType: 'availability-zone',
    RegionName: region,
    State: 'available',
    OptInStatus: 'opt-in-not-required',
    GroupName: `${region}-zg-1`,
    NetworkBorderGroup: region,
    Messages: [],
  };
}

export const describeAccountAttributes = ec2Operation<
  DescribeAccountAttributesRequest,
  DescribeAccountAttributesResult
>({
  name: 'DescribeAccountAttributes',
  handle(call, { AttributeNames: names }) {
    const home = homeOf(call);
    const own = list(call.plane.store, home, vpcs).find(({ isDefault }) => isDefault);
    const attributes: Readonly<Record<string, string>> = {
      'supported-platforms': 'VPC',
      'default-vpc': own?.id ?? 'none',
      'max-instances': '20',
      'max-elastic-ips': '5',
      'vpc-max-elastic-ips': '5',
      'vpc-max-security-groups-per-interface': '5',
    };
    const unknown = names?.find((name) => !Object.hasOwn(attributes, name));
    if (unknown !== undefined)
      throw faults.invalidValue(`Value (${unknown}) for parameter attributeName is invalid.`);
    const asked = names && names.length > 0 ? names : (Object.keys(attributes) as AccountAttributeName[]);
    return { AccountAttributes: asked.map((name) => attributeShape(name, attributes[name] ?? '')) };
  },
});

function attributeShape(name: AccountAttributeName, value: string): AccountAttribute {
  return { AttributeName: name, AttributeValues: [{ AttributeValue: value }] };
}
