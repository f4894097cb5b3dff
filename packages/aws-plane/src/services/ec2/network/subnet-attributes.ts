// ModifySubnetAttribute: one attribute at a time.
import type { ModifySubnetAttributeRequest } from '@aws-sdk/client-ec2';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { put, type Subnet, subnets } from '../state.ts';
import { existingSubnet } from './subnets.ts';

export const modifySubnetAttribute = ec2Operation<ModifySubnetAttributeRequest, object>({
  name: 'ModifySubnetAttribute',
  touches: ({ SubnetId }) => [SubnetId],
  async handle(call, input) {
    const change = changeOf(input);
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const subnet = existingSubnet(tx, home, input.SubnetId ?? '');
      put(tx, home, subnets, { ...subnet, ...change });
    });
    return {};
  },
});

type Change = (input: ModifySubnetAttributeRequest) => Partial<Subnet>;

const changes: Readonly<Record<string, Change>> = {
  MapPublicIpOnLaunch: (input) => ({ mapPublicIp: input.MapPublicIpOnLaunch?.Value ?? false }),
  EnableResourceNameDnsARecordOnLaunch: (input) => ({
    resourceNameA: input.EnableResourceNameDnsARecordOnLaunch?.Value ?? false,
  }),
  PrivateDnsHostnameTypeOnLaunch: (input) => ({
    hostnameType: hostnameTypeOf(input.PrivateDnsHostnameTypeOnLaunch ?? ''),
  }),
};

/** Attributes of IPv6, Outposts and Local Zones may only be told to stay off. */
function changeOf(input: ModifySubnetAttributeRequest): Partial<Subnet> {
  const { SubnetId: _, ...attributes } = input;
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const [first] = given;
  if (!first) throw faults.missing('attribute');
  if (given.length > 1) throw faults.combination('Fields for multiple attribute types specified');
  const [name, value] = first;
  const change = changes[name];
  if (change) return change(input);
  const staysOff = typeof value === 'object' && value.Value === false;
  if (!staysOff) throw faults.notImplemented(`The subnet attribute ${name}`);
  return {};
}

function hostnameTypeOf(text: string): Subnet['hostnameType'] {
  if (text === 'ip-name' || text === 'resource-name') return text;
  throw faults.invalidValue(`Value (${text}) for parameter privateDnsHostnameTypeOnLaunch is invalid.`);
}
