// The default encryption of a bucket: SSE-S3, with or without a word about it, or a KMS key.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html
import type {
  PutBucketEncryptionRequest,
  ServerSideEncryptionByDefault,
  ServerSideEncryptionConfiguration,
} from '@aws-sdk/client-s3';
import { faults } from '../faults.ts';
import { singleConfiguration } from './single-configuration.ts';

/** What every bucket has since January 2023. */
const usual: ServerSideEncryptionConfiguration = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

export const encryptionOperations = singleConfiguration<
  PutBucketEncryptionRequest,
  ServerSideEncryptionConfiguration
>({
  kind: 'encryption',
  put: {
    operation: 'PutBucketEncryption',
    action: 's3:PutEncryptionConfiguration',
    value(_, { ServerSideEncryptionConfiguration: value }) {
      const [rule, ...others] = value?.Rules ?? [];
      if (!value || !rule || others.length > 0) throw faults.malformedXml();
      assertDefault(rule.ApplyServerSideEncryptionByDefault);
      return { Rules: [{ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false }] };
    },
  },
  get: {
    operation: 'GetBucketEncryption',
    action: 's3:GetEncryptionConfiguration',
    answer: (value) => ({ ServerSideEncryptionConfiguration: value }),
    absent: usual,
  },
  remove: { operation: 'DeleteBucketEncryption', action: 's3:PutEncryptionConfiguration' },
});

function assertDefault({ SSEAlgorithm, KMSMasterKeyID }: Partial<ServerSideEncryptionByDefault> = {}): void {
  if (SSEAlgorithm === 'aws:kms:dsse') throw faults.notImplemented('Default encryption in two layers');
  if (SSEAlgorithm === 'aws:kms') return;
  if (SSEAlgorithm !== 'AES256') throw faults.malformedXml();
  if (KMSMasterKeyID !== undefined)
    throw faults.invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'KMSMasterKeyID',
      KMSMasterKeyID,
    );
}
