// What GetObject and HeadObject share: finding the object, choosing the bytes, describing both.
import type { HeadObjectOutput, HeadObjectRequest } from '@aws-sdk/client-s3';
import type { Call } from '../../call.ts';
import { assertHeaderValue } from '../../codecs/header.ts';
import { requireBucket } from './access.ts';
import type { ByteRange } from './bodies.ts';
import { parseRange } from './byte-range.ts';
import { conditionsOnRead } from './conditions.ts';
import { faults } from './faults.ts';
import { checksumMembers } from './object-checksums.ts';
import { encryptionMembers } from './object-encryption.ts';
import type { ObjectRecord, StoredChecksum } from './object.ts';
import { partsIn } from './storage.ts';
import { versionIdOf } from './version-state.ts';
import { requireVersion } from './versions.ts';

/** The object, or the fault that says why there is none. */
export function requireObject(
  call: Call,
  input: {
    readonly Bucket?: string | undefined;
    readonly Key?: string | undefined;
    readonly VersionId?: string | undefined;
  },
): ObjectRecord {
  return requireVersion(call.plane.store, input);
}

/** The id that an answer about `object` tells: of buckets with versions, or when it was asked for. */
export function shownVersion(
  call: Call,
  input: { readonly Bucket?: string | undefined; readonly VersionId?: string | undefined },
  object: ObjectRecord,
): string | undefined {
  const isShown =
    input.VersionId !== undefined ||
    object.sequence !== undefined ||
    requireBucket(call, input.Bucket).versioning !== undefined;
  return isShown ? versionIdOf(object) : undefined;
}

/** The part of an object that an answer is about. */
interface Selection {
  readonly range: ByteRange;
  /** Answered with 206 and Content-Range. */
  readonly isPartial: boolean;
  readonly checksum: StoredChecksum | undefined;
}

/** Everything but the bytes of a GetObject answer, and which bytes they are. */
export interface Reading {
  readonly output: HeadObjectOutput;
  readonly range: ByteRange;
}

/** Checks a read's conditions and describes what it answers. */
export function describeReading(call: Call, input: HeadObjectRequest, object: ObjectRecord): Reading {
  conditionsOnRead(input, object);
  const { range, isPartial, checksum } = select(call, input, object);
  const output: HeadObjectOutput = Object.assign(factsOf(object), headersOf(input, object), {
    ContentLength: range.end - range.start + 1,
    ...(isPartial && { ContentRange: `bytes ${range.start}-${range.end}/${object.sizeBytes}` }),
    ...(input.ChecksumMode === 'ENABLED' && checksumMembers(checksum)),
    VersionId: shownVersion(call, input, object),
    ...(input.PartNumber !== undefined && { PartsCount: object.partsCount }),
  });
  return { output, range };
}

function factsOf(object: ObjectRecord): HeadObjectOutput {
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(object.modifiedMs),
    ETag: `"${object.etag}"`,
    ...encryptionMembers(object.encryption),
    TagCount: object.tags?.length,
    // S3 names the class only when it is not the standard one.
    StorageClass: object.storageClass === 'STANDARD' ? undefined : object.storageClass,
    WebsiteRedirectLocation: object.headers.WebsiteRedirectLocation,
    Metadata: { ...object.headers.Metadata },
  };
}

function headersOf(input: HeadObjectRequest, { headers }: ObjectRecord): HeadObjectOutput {
  const { expiresMs } = headers;
  return {
    CacheControl: input.ResponseCacheControl ?? headers.CacheControl,
    ContentDisposition: input.ResponseContentDisposition ?? headers.ContentDisposition,
    ContentEncoding: input.ResponseContentEncoding ?? headers.ContentEncoding,
    ContentLanguage: input.ResponseContentLanguage ?? headers.ContentLanguage,
    ContentType: input.ResponseContentType ?? headers.ContentType,
    Expires: input.ResponseExpires ?? (expiresMs === undefined ? undefined : new Date(expiresMs)),
  };
}

/** Members that override a header of the answer, and the parameters that carry them. */
const overrides = {
  ResponseCacheControl: 'response-cache-control',
  ResponseContentDisposition: 'response-content-disposition',
  ResponseContentEncoding: 'response-content-encoding',
  ResponseContentLanguage: 'response-content-language',
  ResponseContentType: 'response-content-type',
} as const satisfies Partial<Record<keyof HeadObjectRequest, string>>;

/** Overrides are only for signed requests: an anonymous reader must not choose the headers of a page. */
export function assertOverrides(call: Call, input: HeadObjectRequest): void {
  const given = Object.entries(overrides).flatMap(([member, name]) => {
    const value = input[member as keyof typeof overrides];
    return value === undefined ? [] : [{ name, value }];
  });
  if (call.principal.facts.kind === 'anonymous' && (given.length > 0 || input.ResponseExpires))
    throw faults.invalidRequest(
      'Request specific response headers cannot be used for anonymous GET requests.',
    );
  // Before a body is opened for an answer that could not be written.
  for (const { name, value } of given) assertHeaderValue(name, value);
}

function select(call: Call, input: HeadObjectRequest, object: ObjectRecord): Selection {
  if (input.PartNumber !== undefined) {
    if (input.Range !== undefined)
      throw faults.invalidRequest('Cannot specify both Range header and partNumber query parameter');
    return selectPart(call, input.PartNumber, object);
  }
  const whole = { start: 0, end: object.sizeBytes - 1 };
  const range = input.Range === undefined ? undefined : parseRange(input.Range, object.sizeBytes);
  if (range) return { range, isPartial: true, checksum: undefined };
  return { range: whole, isPartial: false, checksum: object.checksum };
}

function selectPart(call: Call, number: number, object: ObjectRecord): Selection {
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw faults.invalidArgument(
      'Part number must be an integer between 1 and 10000, inclusive',
      'partNumber',
      String(number),
    );
  if (object.body.in !== 'parts') {
    if (number > 1) throw faults.invalidPartNumber(number, 1);
    const range = { start: 0, end: object.sizeBytes - 1 };
    return { range, isPartial: object.sizeBytes > 0, checksum: object.checksum };
  }
  const parts = partsIn(call.plane.store, object.body.id);
  const part = parts[number - 1];
  if (!part) throw faults.invalidPartNumber(number, parts.length);
  const start = parts.slice(0, number - 1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    range: { start, end: start + part.sizeBytes - 1 },
    isPartial: true,
    checksum: part.checksum,
  };
}
