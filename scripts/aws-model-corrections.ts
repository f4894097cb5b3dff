// What the SDK's schemas do not say, or say otherwise than the wire. Laid over the models by `gen-aws-models.ts`.
import type { Binding, OperationModel } from '@pergola/aws-model';

interface Corrections {
  readonly operations?: Readonly<Record<string, Partial<OperationModel>>>;
  /** By shape, then member. */
  readonly members?: Readonly<Record<string, Readonly<Record<string, Binding>>>>;
}

/** The operations whose `httpChecksum` trait says that a checksum is required; the schemas drop the trait's value. */
const checksumRequired = [
  'CreateBucketMetadataConfiguration',
  'CreateBucketMetadataTableConfiguration',
  'DeleteObjects',
  'PutBucketAcl',
  'PutBucketCors',
  'PutBucketEncryption',
  'PutBucketLifecycleConfiguration',
  'PutBucketLogging',
  'PutBucketOwnershipControls',
  'PutBucketPolicy',
  'PutBucketReplication',
  'PutBucketRequestPayment',
  'PutBucketTagging',
  'PutBucketVersioning',
  'PutBucketWebsite',
  'PutObjectAcl',
  'PutObjectLegalHold',
  'PutObjectLockConfiguration',
  'PutObjectRetention',
  'PutObjectTagging',
  'PutPublicAccessBlock',
  'UpdateBucketMetadataAnnotationTableConfiguration',
  'UpdateBucketMetadataInventoryTableConfiguration',
  'UpdateBucketMetadataJournalTableConfiguration',
  'UpdateObjectEncryption',
] as const;

export const corrections: Readonly<Record<string, Corrections>> = {
  s3: {
    operations: {
      ...Object.fromEntries(checksumRequired.map((name) => [name, { checksum: 1 as const }])),
      // The trait `s3UnwrappedXmlOutput`: `<LocationConstraint>eu-west-1</LocationConstraint>` is the whole answer.
      GetBucketLocation: { unwrapped: 1 },
    },
    members: {
      // Made up by the JavaScript client for an Expires that is no date: both stand in the one header.
      GetObjectOutput: { ExpiresString: { header: 'expires' } },
      HeadObjectOutput: { ExpiresString: { header: 'expires' } },
    },
  },
  elasticache: {
    members: {
      // botocore and the service say `PendingLogDeliveryConfiguration`; the JavaScript schema has no name here.
      ReplicationGroupPendingModifiedValues: {
        LogDeliveryConfigurations: { xmlName: 'PendingLogDeliveryConfiguration' },
      },
      PendingModifiedValues: { LogDeliveryConfigurations: { xmlName: 'PendingLogDeliveryConfiguration' } },
    },
  },
};
