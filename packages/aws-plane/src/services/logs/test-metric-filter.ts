// TestMetricFilter: what a filter pattern finds in messages that the request brings.
import type { TestMetricFilterRequest, TestMetricFilterResponse } from '@aws-sdk/client-cloudwatch-logs';
import { defineOperation } from '../../operation.ts';
import { onAccount } from './access.ts';
import { compileMetricPattern } from './metric-filter.ts';

export const testMetricFilter = defineOperation<TestMetricFilterRequest, TestMetricFilterResponse>({
  name: 'TestMetricFilter',
  access: onAccount('logs:TestMetricFilter'),
  handle(_, { filterPattern = '', logEventMessages = [] }) {
    const pattern = compileMetricPattern(filterPattern);
    return {
      matches: logEventMessages.flatMap((eventMessage, index) => {
        const extractedValues = pattern.extract(eventMessage);
        // Numbered from 0, as the examples of the API reference are.
        return extractedValues ? [{ eventNumber: index, eventMessage, extractedValues }] : [];
      }),
    };
  },
});
