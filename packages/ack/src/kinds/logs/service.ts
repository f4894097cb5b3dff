// CloudWatch Logs.
import type { ServiceDescription } from '../../kind/description.ts';

export const logs: ServiceDescription = {
  service: 'logs',
  group: 'cloudwatchlogs',
  actions: 'logs',
  members: {
    'MetricTransformation.defaultValue': { float: true },
    'PutSubscriptionFilterRequest.logGroupName': { ignore: true },
    'PutMetricFilterRequest.logGroupName': { ignore: true },
  },
};
