// DescribeNetworkInterfaces: none can be made here, so that the list is truly empty.
import type { DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult } from '@aws-sdk/client-ec2';
import { ec2Operation } from '../ec2-operation.ts';
import { faults } from '../faults.ts';

export const describeNetworkInterfaces = ec2Operation<
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult
>({
  name: 'DescribeNetworkInterfaces',
  handle(_, { NetworkInterfaceIds: [id] = [] }) {
    if (id !== undefined) throw faults.notFound('eni', id);
    return { NetworkInterfaces: [] };
  },
});
