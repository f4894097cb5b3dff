// A bucket as a noun: its record, the rules for its name, its ARN.
import { isIPv4 } from 'node:net';

export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';

/** What is kept of a bucket. Its policy is kept apart, because every call reads the bucket. */
export interface BucketRecord {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdMs: number;
  readonly publicAccessBlock?: PublicAccessBlock | undefined;
  readonly tags?: Tags | undefined;
  /** Absent until it is first configured; then there is no way back. */
  readonly versioning?: 'Enabled' | 'Suspended' | undefined;
  /** As it was put: it cannot be enabled here. */
  readonly mfaDelete?: 'Disabled' | undefined;
}

/** Tag set in the order it was given. */
export type Tags = readonly { readonly Key: string; readonly Value: string }[];

/** What AWS gives every new bucket since April 2023. */
export const defaultPublicAccessBlock: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

const reservedPrefixes = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const reservedSuffixes = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/** The rules for general purpose buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !isIPv4(name) &&
    !reservedPrefixes.some((prefix) => name.startsWith(prefix)) &&
    !reservedSuffixes.some((suffix) => name.endsWith(suffix))
  );
}

export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}
