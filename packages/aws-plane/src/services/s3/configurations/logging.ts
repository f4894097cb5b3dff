// Server access logging of a bucket: kept and shown; no logs are delivered.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
import type { BucketLoggingStatus, PutBucketLoggingRequest } from '@aws-sdk/client-s3';
import { AwsFault } from '../../../fault.ts';
import { faults } from '../faults.ts';
import { findBucket } from '../state.ts';
import { singleConfiguration } from './single-configuration.ts';

export const loggingOperations = singleConfiguration<PutBucketLoggingRequest, BucketLoggingStatus>({
  kind: 'logging',
  put: {
    operation: 'PutBucketLogging',
    action: 's3:PutBucketLogging',
    value(call, { Bucket = '', BucketLoggingStatus: value }) {
      const logging = value?.LoggingEnabled;
      if (!logging) return undefined;
      const { TargetBucket, TargetPrefix, TargetGrants = [] } = logging;
      if (TargetBucket === undefined || TargetPrefix === undefined) throw faults.malformedXml();
      if (TargetGrants.length > 0) throw faults.notImplemented('TargetGrants');
      const target = findBucket(call.plane.store, TargetBucket);
      const own = findBucket(call.plane.store, Bucket);
      if (!target) throw invalidTarget('The target bucket for logging does not exist', TargetBucket);
      if (target.account !== own?.account || target.region !== own.region)
        throw invalidTarget(
          'The owner and location of the target bucket must be those of the bucket',
          TargetBucket,
        );
      return value;
    },
  },
  get: {
    operation: 'GetBucketLogging',
    action: 's3:GetBucketLogging',
    answer: (value) => value,
    absent: {},
  },
});

function invalidTarget(message: string, TargetBucket: string): AwsFault {
  return new AwsFault('InvalidTargetBucketForLogging', 400, message, { TargetBucket });
}
