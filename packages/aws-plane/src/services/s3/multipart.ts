// What the operations on multipart uploads share: finding the upload, its limits.
import type { Reader } from '@pergola/store';
import { faults } from './faults.ts';
import type { UploadRecord } from './object.ts';
import { findUpload } from './state.ts';

export const PARTS_MAX = 10_000;
/** All parts but the last: 5 MiB. */
export const PART_BYTES_MIN = 5 * 1_024 ** 2;

/** The members by which a request names an upload. */
export interface UploadInput {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly UploadId?: string | undefined;
}

/** The upload, or NoSuchUpload. An id is good only with the key that it was made for. */
export function requireUpload(reader: Reader, input: UploadInput): UploadRecord {
  const { Bucket = '', Key = '', UploadId = '' } = input;
  const upload = findUpload(reader, Bucket, UploadId);
  if (!upload || upload.key !== Key) throw faults.noSuchUpload(UploadId);
  return upload;
}

export function assertPartNumber(number: number | undefined): number {
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= PARTS_MAX) return number;
  throw faults.invalidArgument(
    'Part number must be an integer between 1 and 10000, inclusive',
    'partNumber',
    String(number),
  );
}
