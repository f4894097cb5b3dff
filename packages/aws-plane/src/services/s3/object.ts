// An object as a noun: what is kept of it, beside its bytes.
import type { ChecksumAlgorithm } from '../../checksums/checksum.ts';
import type { Tags } from './bucket.ts';

/** Where bytes lie. Small ones are blobs in the store, large ones files, multipart objects lists of those. */
export type Body =
  | { readonly in: 'nothing' }
  | ({ readonly in: 'blob'; readonly id: string } & Sealed)
  | ({ readonly in: 'file'; readonly id: string } & Sealed)
  | { readonly in: 'parts'; readonly id: string };

interface Sealed {
  /** Of bytes that a data key encrypts: base64, see `sealed-bytes.ts`. */
  readonly nonce?: string | undefined;
}

/** Encryption with a KMS key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
export interface KmsEncryption {
  readonly keyArn: string;
  /** The data key as KMS encrypted it, in base64. */
  readonly dataKey: string;
  /** What it was encrypted for, which KMS wants to hear again. */
  readonly context: Readonly<Record<string, string>>;
  readonly bucketKey: boolean;
}

/** A body that holds its bytes itself. */
export type PlainBody = Exclude<Body, { readonly in: 'parts' }>;

/** One part of a multipart object, in the order of the bytes. */
export interface PartRecord {
  readonly number: number;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly body: PlainBody;
  readonly checksum?: StoredChecksum | undefined;
}

/** Algorithms that S3 returns in `x-amz-checksum-*`. */
export type ObjectChecksumAlgorithm = Exclude<ChecksumAlgorithm, 'md5'>;

/** A checksum as S3 returns it: base64, with `-N` behind it when composite. */
export interface StoredChecksum {
  readonly algorithm: ObjectChecksumAlgorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** System metadata that a writer chose. Members are named as in the SDK's shapes. */
export interface ObjectHeaders {
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly ContentType?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresMs?: number | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
}

export type StorageClass =
  | 'STANDARD'
  | 'REDUCED_REDUNDANCY'
  | 'STANDARD_IA'
  | 'ONEZONE_IA'
  | 'INTELLIGENT_TIERING'
  | 'GLACIER_IR';

/** What is kept of an object. */
export interface ObjectRecord {
  /** Without quotes. MD5 in hex, or `md5-of-md5s-N` for multipart objects. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** Whole seconds, as HTTP dates are, so that conditions compare equal. */
  readonly modifiedMs: number;
  readonly body: Body;
  readonly headers: ObjectHeaders;
  readonly storageClass: StorageClass;
  readonly tags?: Tags | undefined;
  /** Absent: with keys of S3 itself. */
  readonly encryption?: KmsEncryption | undefined;
  readonly checksum?: StoredChecksum | undefined;
  readonly partsCount?: number | undefined;
  /** Absent for the null version. */
  readonly versionId?: string | undefined;
  /** Higher for newer versions of the key; absent when it was written without versioning. */
  readonly sequence?: number | undefined;
}

/** A multipart upload that is not complete yet. */
export interface UploadRecord {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiatedMs: number;
  /** ARN of who started it. */
  readonly initiator: string;
  readonly headers: ObjectHeaders;
  readonly storageClass: StorageClass;
  readonly tags?: Tags | undefined;
  readonly encryption?: KmsEncryption | undefined;
  readonly checksum?: Pick<StoredChecksum, 'algorithm' | 'type'> | undefined;
}

/** `nowMs` as S3 keeps instants: whole seconds. */
export function toSeconds(nowMs: number): number {
  return Math.floor(nowMs / 1_000) * 1_000;
}
