// The header `x-amz-copy-source`: which object to copy, and the right to read it.
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import { assertOwner, readChecks, requireBucket } from './access.ts';
import type { ByteRange } from './bodies.ts';
import { unmetCondition } from './conditions.ts';
import { withDataKey } from './data-key.ts';
import { faults } from './faults.ts';
import type { ObjectRecord } from './object.ts';
import { requireObject, shownVersion } from './object-read.ts';
import { openBody, type OpenableBody } from './storage.ts';
import { assertVersionId } from './version-id.ts';
import { isDeleteMarker } from './version-state.ts';
import { findVersion } from './versions.ts';

export interface CopySource {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string | undefined;
}

/** The members of a copying request that speak of the source. */
export interface CopyInput {
  readonly CopySource?: string | undefined;
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
  readonly CopySourceSSECustomerAlgorithm?: string | undefined;
  readonly ExpectedSourceBucketOwner?: string | undefined;
}

/** `[/]bucket/key[?versionId=…]`, URL-encoded as in a query: a plus sign is a space. */
export function parseCopySource(header = ''): CopySource {
  const [path = '', query] = header.split(/\?(?=versionId=)/, 2);
  if (path.startsWith('arn:'))
    throw faults.headerNotImplemented('x-amz-copy-source', 'copying from access points');
  // Decoded before it is cut: some clients encode the slash between bucket and key too.
  const [, Bucket, Key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeOrNothing(path) ?? '') ?? [];
  if (Bucket === undefined || Key === undefined)
    throw faults.invalidArgument('Invalid copy source object key', 'x-amz-copy-source', header);
  return { Bucket, Key, VersionId: query && decodeOrNothing(query.slice('versionId='.length)) };
}

function decodeOrNothing(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    // Not valid URL encoding: the caller answers with the header's fault.
    return undefined;
  }
}

/** Checks for reading the source. */
export function sourceChecks(call: Call, input: CopyInput): AccessCheck[] {
  const source = parseCopySource(input.CopySource);
  const action = source.VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return readChecks(call, action, source);
}

/** The source's object, if the request's conditions on it hold. Failing ones are always 412 for copies. */
export function requireSource(call: Call, input: CopyInput): ObjectRecord {
  const source = parseCopySource(input.CopySource);
  assertOwner(requireBucket(call, source.Bucket), input.ExpectedSourceBucketOwner);
  if (input.CopySourceSSECustomerAlgorithm !== undefined)
    throw faults.headerNotImplemented('x-amz-copy-source-server-side-encryption-customer-algorithm');
  assertNoMarker(call, source);
  const object = requireObject(call, source);
  const unmet = unmetCondition(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    object,
  );
  if (!unmet) return object;
  const failed = unmet.status === 412 ? unmet.condition : notModifiedCondition(input);
  throw faults.preconditionFailed(`x-amz-copy-source-${failed}`);
}

/** Naming a marker is another mistake than naming a key that one hides. */
function assertNoMarker(call: Call, { Bucket: bucket, Key: key, VersionId }: CopySource): void {
  if (VersionId === undefined) return;
  assertVersionId(VersionId);
  const version = findVersion(call.plane.store, { bucket, key }, VersionId);
  if (version && isDeleteMarker(version))
    throw faults.invalidRequest(
      'The source of a copy request may not specifically refer to a delete marker by version id.',
    );
}

/** The version that was copied, of buckets with versions. */
export function sourceVersion(call: Call, input: CopyInput, object: ObjectRecord): string | undefined {
  return shownVersion(call, parseCopySource(input.CopySource), object);
}

/** The source with its data key, if it has one, for `use` to read at once. */
export function withSource<T>(
  call: Call,
  input: CopyInput,
  use: (object: ObjectRecord, key: Buffer | undefined) => Promise<T>,
): Promise<T> {
  const { Bucket } = parseCopySource(input.CopySource);
  return withDataKey(call, Bucket, () => requireSource(call, input), use);
}

function notModifiedCondition(input: CopyInput): string {
  return input.CopySourceIfNoneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match';
}

/** The bytes of the source as a stream of chunks. */
export async function* sourceBytes(call: Call, body: OpenableBody, range: ByteRange) {
  const opened = await openBody(call.plane, body, range);
  if (opened instanceof Uint8Array) yield opened;
  else yield* opened as AsyncIterable<Uint8Array>;
}
