// s3: configurations that no bucket has here. Reading one gives the error that AWS gives for a bucket without it;
// deleting one succeeds, as on AWS. Putting one is not implemented.
import { AwsFault } from '../../fault.ts';
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { bucketAccess, type BucketInput } from './access.ts';

/** Operation, IAM action, error code, message. */
const readings = [
  [
    'GetBucketReplication',
    's3:GetReplicationConfiguration',
    'ReplicationConfigurationNotFoundError',
    'The replication configuration was not found',
  ],
  [
    'GetObjectLockConfiguration',
    's3:GetBucketObjectLockConfiguration',
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
  ],
] as const;

const deletions = [['DeleteBucketReplication', 's3:PutReplicationConfiguration']] as const;

export const absentConfigurations: readonly AnyOperation[] = [
  ...readings.map(([name, action, code, message]) =>
    defineOperation<BucketInput, never>({
      name,
      access: bucketAccess(action),
      handle(_, { Bucket = '' }) {
        throw new AwsFault(code, 404, message, { BucketName: Bucket });
      },
    }),
  ),
  ...deletions.map(([name, action]) =>
    defineOperation<BucketInput, object>({ name, access: bucketAccess(action), handle: () => ({}) }),
  ),
];
