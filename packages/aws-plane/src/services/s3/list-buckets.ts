// s3:ListBuckets: the buckets of the caller's account, by name.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
import type { ListBucketsOutput, ListBucketsRequest } from '@aws-sdk/client-s3';
import { defineOperation, iam } from '../../operation.ts';
import { bucketArn, type BucketRecord } from './bucket.ts';
import { faults } from './faults.ts';
import { canonicalIdOf } from './owner.ts';
import { bucketsOf } from './state.ts';

const PAGE_MAX = 10_000;

export const listBuckets = defineOperation<ListBucketsRequest, ListBucketsOutput>({
  name: 'ListBuckets',
  access: iam('s3:ListAllMyBuckets'),
  validate({ MaxBuckets: wanted = PAGE_MAX }) {
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > PAGE_MAX)
      throw faults.invalidArgument(
        'Argument max-buckets must be an integer between 1 and 10000',
        'max-buckets',
        String(wanted),
      );
  },
  handle(call, input) {
    const { Prefix = '', BucketRegion, ContinuationToken, MaxBuckets = PAGE_MAX } = input;
    const after = ContinuationToken && Buffer.from(ContinuationToken, 'base64url').toString();
    const found = bucketsOf(call.plane.store, call.account, Prefix, after || undefined).filter(
      ({ region }) => BucketRegion === undefined || region === BucketRegion,
    );
    const page = found.slice(0, MaxBuckets);
    const last = page.at(-1);
    return {
      Buckets: page.map((bucket) => describeBucket(bucket, input)),
      Owner: { ID: canonicalIdOf(call.account) },
      ...(found.length > page.length && {
        ContinuationToken: Buffer.from(last?.name ?? '').toString('base64url'),
      }),
      ...(input.Prefix !== undefined && { Prefix }),
    };
  },
});

/** The region and the ARN are told only to requests that page, as S3 does for compatibility. */
function describeBucket({ name, region, createdMs }: BucketRecord, input: ListBucketsRequest) {
  const isPaged =
    input.MaxBuckets !== undefined || input.Prefix !== undefined || input.BucketRegion !== undefined;
  return {
    Name: name,
    CreationDate: new Date(createdMs),
    ...(isPaged && { BucketRegion: region, BucketArn: bucketArn(name) }),
  };
}
