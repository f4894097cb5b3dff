// The bucket that events are exported to: asked and written as the service logs.REGION.amazonaws.com, which its policy
// must allow. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/logs/S3ExportTasks.html
import type { PlaneContext } from '../../../plane-context.ts';
import { AwsFault } from '../../../fault.ts';
import { bodyOf } from '../../../inside-call.ts';
import { groupArn } from '../arn.ts';
import type { ExportRecord } from './export-task.ts';
import { faults } from '../faults.ts';

type Target = Pick<ExportRecord, 'account' | 'region' | 'groupName' | 'bucket'>;

async function callS3(plane: PlaneContext, target: Target, operation: string, input: object): Promise<void> {
  const { account, region, groupName } = target;
  await plane.ports.callInside({
    as: { kind: 'service', service: `logs.${region}.amazonaws.com` },
    account,
    region,
    service: 's3',
    operation,
    input,
    context: {
      'aws:SourceAccount': account,
      'aws:SourceArn': `${groupArn({ account, region, name: groupName })}:*`,
    },
  });
}

/** Puts an object. Rejects with S3's fault. */
export function putExported(
  plane: PlaneContext,
  target: Target,
  object: { readonly key: string; readonly body: Buffer },
): Promise<void> {
  return callS3(plane, target, 'PutObject', {
    Bucket: target.bucket,
    Key: object.key,
    Body: bodyOf(object.body),
    // The policy that AWS's guide tells people to set demands it.
    ACL: 'bucket-owner-full-control',
  });
}

/** Throws InvalidParameterException unless the bucket may be written to, and leaves the object that AWS leaves. */
export async function assertWritableBucket(
  plane: PlaneContext,
  target: Target & Pick<ExportRecord, 'prefix'>,
): Promise<void> {
  await attempt('GetBucketAcl', () => callS3(plane, target, 'GetBucketAcl', { Bucket: target.bucket }));
  await attempt('PutObject', () =>
    putExported(plane, target, {
      key: `${target.prefix}/aws-logs-write-test`,
      body: Buffer.from('Permission Check Successful'),
    }),
  );
}

async function attempt(operation: string, call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    if (error.code === 'NoSuchBucket') throw faults.noSuchExportBucket();
    throw faults.bucketRefuses(operation);
  }
}
