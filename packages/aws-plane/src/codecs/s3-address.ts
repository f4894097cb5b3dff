// Which bucket and key a request is about: path style (`/bucket/key`) or virtual host (`bucket.s3.amazonaws.com`).
import { AwsFault } from '../fault.ts';
import { decodePercent } from '@pergola/aws-model';

export interface S3Address {
  /** Absent for the service itself. */
  readonly bucket: string | undefined;
  /** Decoded, exactly as sent: `//`, dots and `+` stay. Absent for the bucket itself. */
  readonly key: string | undefined;
}

/** What S3 is called, after an optional bucket: regional, legacy (`s3-region`), dual-stack, China, or local. */
const virtualHosts: readonly RegExp[] = [
  /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z]{2,}-[a-z0-9-]+|\.dualstack\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/,
  /^(?:(.+)\.)?s3(?:\.[a-z]{2}-[a-z0-9-]+)?\.localhost$/,
  /^(.+)\.localhost$/,
];

/** The bucket that the host names, if any. `host` may have a port. */
export function bucketOfHost(host: string): string | undefined {
  const hostName = host.replace(/:\d+$/, '').toLowerCase();
  if (!hostName.includes('.')) return undefined;
  for (const pattern of virtualHosts) {
    const match = pattern.exec(hostName);
    if (match) return match[1];
  }
  return undefined;
}

/** Reads a raw path. Throws InvalidURI where the percent-encoding is broken. */
export function parseS3Address(host: string, path: string): S3Address {
  const hosted = bucketOfHost(host);
  if (hosted !== undefined) return { bucket: hosted, key: decodeKey(path.slice(1)) };
  const slash = path.indexOf('/', 1);
  const bucket = decodeKey(slash < 0 ? path.slice(1) : path.slice(1, slash));
  if (bucket === undefined) return { bucket: undefined, key: undefined };
  return { bucket, key: slash < 0 ? undefined : decodeKey(path.slice(slash + 1)) };
}

function decodeKey(raw: string): string | undefined {
  if (raw === '') return undefined;
  const key = decodePercent(raw);
  if (key === undefined) throw new AwsFault('InvalidURI', 400, "Couldn't parse the specified URI.");
  return key;
}
