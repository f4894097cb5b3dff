// DescribeLimits and DescribeEndpoints.
import { defineOperation } from '../../../operation.ts';
import { onAccount } from '../access.ts';

const ACCOUNT_UNITS_MAX = 80_000;
const TABLE_UNITS_MAX = 40_000;
const ENDPOINT_MINUTES = 1_440;

export const describeLimits = defineOperation<object, object>({
  name: 'DescribeLimits',
  access: onAccount('DescribeLimits'),
  handle: () => ({
    AccountMaxReadCapacityUnits: ACCOUNT_UNITS_MAX,
    AccountMaxWriteCapacityUnits: ACCOUNT_UNITS_MAX,
    TableMaxReadCapacityUnits: TABLE_UNITS_MAX,
    TableMaxWriteCapacityUnits: TABLE_UNITS_MAX,
  }),
});

/** The endpoint is the one that was asked. */
export const describeEndpoints = defineOperation<object, object>({
  name: 'DescribeEndpoints',
  access: onAccount('DescribeEndpoints'),
  handle: (call) => ({
    Endpoints: [{ Address: call.transport.host, CachePeriodInMinutes: ENDPOINT_MINUTES }],
  }),
});
