// Where a subscription filter delivers to: a log group or an S3 bucket of this plane.
import { type GroupName, type Home, parseGroupIdentifier } from '../arn.ts';
import { faults } from '../faults.ts';

export type Destination =
  | { readonly kind: 'group'; readonly at: GroupName }
  /** `prefix` is empty or ends with `/`. */
  | { readonly kind: 'bucket'; readonly bucket: string; readonly prefix: string };

const BUCKET_ARN = /^arn:aws:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;
/** Leaves room for the rest of a key, which has at most 1,024 bytes. */
const PREFIX_BYTES_MAX = 400;

/** Reads a destination's ARN. Throws InvalidParameterException for what is none, and for what is not served. */
export function parseDestination(arn: string, home: Home): Destination {
  const [, bucket, path = ''] = BUCKET_ARN.exec(arn) ?? [];
  if (bucket !== undefined) return { kind: 'bucket', bucket, prefix: prefixOf(path) };
  if (/^arn:aws:logs:[^:]*:[^:]*:log-group:/.test(arn)) return { kind: 'group', at: groupAt(arn, home) };
  const vendor = /^arn:[^:]+:([^:]+):/.exec(arn)?.[1];
  if (vendor === undefined) throw faults.invalidArn();
  throw faults.invalidParameter(
    `PutSubscriptionFilter operation cannot work with destinationArn for vendor ${vendor}: this endpoint delivers to log groups and to S3 buckets only.`,
  );
}

function prefixOf(path: string): string {
  const bare = path.replace(/\/?\*?$/, '');
  if (Buffer.byteLength(bare) > PREFIX_BYTES_MAX)
    throw faults.invalidParameter(`The prefix of the destination is longer than ${PREFIX_BYTES_MAX} bytes.`);
  return bare === '' ? '' : `${bare}/`;
}

function groupAt(arn: string, home: Home): GroupName {
  const at = parseGroupIdentifier(arn, home);
  if (!at) throw faults.invalidArn();
  if (at.account !== home.account || at.region !== home.region)
    throw faults.invalidParameter('The destination must be in the account and region of the log group.');
  return at;
}
