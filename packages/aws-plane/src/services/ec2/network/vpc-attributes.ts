// DescribeVpcAttribute and ModifyVpcAttribute: one attribute at a time, as EC2 wants it.
import type {
  DescribeVpcAttributeRequest,
  DescribeVpcAttributeResult,
  ModifyVpcAttributeRequest,
} from '@aws-sdk/client-ec2';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { put, type Vpc, vpcs } from '../state.ts';
import { existingVpc } from './vpcs.ts';

export const describeVpcAttribute = ec2Operation<DescribeVpcAttributeRequest, DescribeVpcAttributeResult>({
  name: 'DescribeVpcAttribute',
  touches: ({ VpcId }) => [VpcId],
  handle(call, { VpcId = '', Attribute }) {
    const vpc = existingVpc(call.plane.store, homeOf(call), VpcId);
    switch (Attribute) {
      case 'enableDnsSupport':
        return { VpcId, EnableDnsSupport: { Value: vpc.dnsSupport } };
      case 'enableDnsHostnames':
        return { VpcId, EnableDnsHostnames: { Value: vpc.dnsHostnames } };
      case 'enableNetworkAddressUsageMetrics':
        return { VpcId, EnableNetworkAddressUsageMetrics: { Value: vpc.addressUsageMetrics } };
      default:
        throw faults.invalidValue(`Value (${String(Attribute)}) for parameter attribute is invalid.`);
    }
  },
});

export const modifyVpcAttribute = ec2Operation<ModifyVpcAttributeRequest, object>({
  name: 'ModifyVpcAttribute',
  touches: ({ VpcId }) => [VpcId],
  async handle(call, input) {
    const change = changeOf(input);
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const vpc = existingVpc(tx, home, input.VpcId ?? '');
      put(tx, home, vpcs, { ...vpc, ...change });
    });
    return {};
  },
});

function changeOf(input: ModifyVpcAttributeRequest): Partial<Vpc> {
  const { EnableDnsSupport: support, EnableDnsHostnames: hostnames } = input;
  const { EnableNetworkAddressUsageMetrics: metrics } = input;
  const given = [support, hostnames, metrics].filter((attribute) => attribute !== undefined);
  if (given.length === 0) throw faults.missing('attribute');
  if (given.length > 1) throw faults.combination('Fields for multiple attribute types specified');
  if (given[0]?.Value === undefined) throw faults.missing('value');
  if (support) return { dnsSupport: support.Value ?? false };
  if (hostnames) return { dnsHostnames: hostnames.Value ?? false };
  return { addressUsageMetrics: metrics?.Value ?? false };
}
