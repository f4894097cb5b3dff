// `s3://bucket/key`.
import { UsageError } from './failure.ts';

export interface S3Uri {
  readonly bucket: string;
  /** May be empty, and may end with a slash. */
  readonly key: string;
}

export function isS3Uri(text: string): boolean {
  return text.startsWith('s3://');
}

export function parseS3Uri(text: string): S3Uri {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(text);
  if (!match?.[1]) throw new UsageError('<S3Uri>\nError: Invalid argument type');
  return { bucket: match[1], key: match[2] ?? '' };
}
