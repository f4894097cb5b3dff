// The CORS configuration of a bucket: kept and shown. https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
import type { CORSConfiguration, CORSRule, PutBucketCorsRequest } from '@aws-sdk/client-s3';
import { AwsFault } from '../../../fault.ts';
import { faults } from '../faults.ts';
import { singleConfiguration } from './single-configuration.ts';

const MOST_RULES = 100;
const METHODS = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD']);

export const corsOperations = singleConfiguration<PutBucketCorsRequest, CORSConfiguration>({
  kind: 'cors',
  put: {
    operation: 'PutBucketCors',
    action: 's3:PutBucketCORS',
    value(_, { CORSConfiguration: value }) {
      const rules = value?.CORSRules ?? [];
      if (rules.length === 0 || rules.length > MOST_RULES) throw faults.malformedXml();
      for (const rule of rules) assertRule(rule);
      return value;
    },
  },
  get: {
    operation: 'GetBucketCors',
    action: 's3:GetBucketCORS',
    answer: ({ CORSRules }) => ({ CORSRules }),
    absent: (BucketName) =>
      new AwsFault('NoSuchCORSConfiguration', 404, 'The CORS configuration does not exist', { BucketName }),
  },
  remove: { operation: 'DeleteBucketCors', action: 's3:PutBucketCORS' },
});

function assertRule({ AllowedMethods = [], AllowedOrigins = [], AllowedHeaders = [] }: CORSRule): void {
  if (AllowedMethods.length === 0 || AllowedOrigins.length === 0) throw faults.malformedXml();
  const method = AllowedMethods.find((one) => !METHODS.has(one));
  if (method !== undefined)
    throw faults.invalidRequest(
      `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
    );
  for (const [name, texts] of Object.entries({
    AllowedOrigin: AllowedOrigins,
    AllowedHeader: AllowedHeaders,
  })) {
    const wild = texts.find((text) => text.indexOf('*') !== text.lastIndexOf('*'));
    if (wild !== undefined)
      throw faults.invalidRequest(`${name} "${wild}" can not have more than one wildcard.`);
  }
}
