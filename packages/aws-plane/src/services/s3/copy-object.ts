// s3:CopyObject. The bytes are streamed anew, because a copy's ETag is that of a plain upload.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
import type { CopyObjectOutput, CopyObjectRequest } from '@aws-sdk/client-s3';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import { createChecksum } from '../../checksums/checksum.ts';
import { defineOperation } from '../../operation.ts';
import { checkOn, readChecks, tagsOf, requestTags, writeContext } from './access.ts';
import type { ReceivedBody } from './bodies.ts';
import type { Tags } from './bucket.ts';
import {
  parseCopySource,
  requireSource,
  sourceBytes,
  sourceChecks,
  sourceVersion,
  withSource,
} from './copy-source.ts';
import type { DataKey } from './data-key.ts';
import { faults } from './faults.ts';
import { encryptionMembers, newDataKey } from './object-encryption.ts';
import { checksumMembers, parseAlgorithm } from './object-checksums.ts';
import { type ObjectRecord, type StoredChecksum, toSeconds } from './object.ts';
import {
  assertWritable,
  checkEarly,
  headersOf,
  PUT_BYTES_MAX,
  replaceObject,
  storageClassOf,
  targetOf,
} from './object-write.ts';
import { bodiesOf, commit } from './storage.ts';
import { parseTaggingHeader } from './tags.ts';
import { writtenVersion } from './versions.ts';

export const copyObject = defineOperation<CopyObjectRequest, CopyObjectOutput>({
  name: 'CopyObject',
  access: {
    iam(input, call) {
      const tags = parseTaggingHeader(input.Tagging);
      const context = {
        ...writeContext(input),
        's3:x-amz-copy-source': input.CopySource ?? '',
        ...(input.MetadataDirective && { 's3:x-amz-metadata-directive': input.MetadataDirective }),
        ...(tags && requestTags(tags)),
      };
      const target = { input, key: input.Key };
      return [
        ...sourceChecks(call, input),
        checkOn(call, 's3:PutObject', target, context),
        ...(tags ? [checkOn(call, 's3:PutObjectTagging', target, context)] : []),
        ...copiedTagChecks(call, input),
      ];
    },
  },
  validate(input) {
    assertWritable(input);
    assertDirective('x-amz-metadata-directive', input.MetadataDirective);
    assertDirective('x-amz-tagging-directive', input.TaggingDirective);
    assertChange(input);
  },
  async handle(call, input) {
    const { sizeBytes } = requireSource(call, input);
    if (sizeBytes > PUT_BYTES_MAX)
      throw faults.invalidRequest(
        `The specified copy source is larger than the maximum allowable size for a copy source: ${PUT_BYTES_MAX}`,
      );
    const target = targetOf(call, input);
    checkEarly(call, target);
    const sealing = await newDataKey(call, input);
    const { source, record, received } = await withSource(call, input, async (source, key) => ({
      source,
      ...(await receiveCopy(call, input, { source, key, sealing })),
    }));
    const written = await commit(call.plane, (tx, drop) => replaceObject(tx, drop, target, record), received);
    return {
      CopyObjectResult: {
        ETag: `"${written.etag}"`,
        LastModified: new Date(written.modifiedMs),
        ...checksumMembers(written.checksum),
      },
      ...encryptionMembers(written.encryption),
      VersionId: writtenVersion(written),
      CopySourceVersionId: sourceVersion(call, input, source),
    };
  },
});

interface Copying {
  readonly source: ObjectRecord;
  /** The source's. */
  readonly key: Buffer | undefined;
  /** The copy's. */
  readonly sealing: DataKey | undefined;
}

/** Takes in the bytes of the source anew. */
async function receiveCopy(
  call: Call,
  input: CopyObjectRequest,
  { source, key, sealing }: Copying,
): Promise<{ readonly record: ObjectRecord; readonly received: ReceivedBody }> {
  const algorithm = parseAlgorithm(input.ChecksumAlgorithm) ?? source.checksum?.algorithm;
  const checksum = algorithm && createChecksum(algorithm);
  const received = await bodiesOf(call.plane).receive(
    sourceBytes(call, { body: source.body, key }, { start: 0, end: source.sizeBytes - 1 }),
    { checksum, key: sealing?.key, sizeMaxBytes: PUT_BYTES_MAX, tooLarge: faults.entityTooLarge },
  );
  const stored: StoredChecksum | undefined = algorithm &&
    checksum && { algorithm, value: checksum.digestBase64(), type: 'FULL_OBJECT' };
  const record: ObjectRecord = {
    ...describeCopy(input, source),
    etag: received.md5.toString('hex'),
    sizeBytes: received.sizeBytes,
    modifiedMs: toSeconds(call.nowMs),
    body: received.body,
    encryption: sealing?.encryption,
    checksum: stored,
  };
  return { record, received };
}

/** Tags that come along are read there and written here, each by the right to it. */
function copiedTagChecks(call: Call, input: CopyObjectRequest): AccessCheck[] {
  if (input.TaggingDirective === 'REPLACE') return [];
  const source = parseCopySource(input.CopySource);
  const tags = tagsOf(call, source);
  if (tags.length === 0) return [];
  return [
    ...readChecks(
      call,
      source.VersionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging',
      source,
    ),
    checkOn(call, 's3:PutObjectTagging', { input, key: input.Key }, requestTags(tags)),
  ];
}

/** What the copy takes from its source and what from the request, as the directives say. */
function describeCopy(
  input: CopyObjectRequest,
  source: ObjectRecord,
): Pick<ObjectRecord, 'headers' | 'storageClass' | 'tags'> {
  const { WebsiteRedirectLocation } = input;
  const tags: Tags | undefined =
    input.TaggingDirective === 'REPLACE' ? parseTaggingHeader(input.Tagging) : source.tags;
  const storageClass = storageClassOf(input);
  // Redirects are never copied.
  if (input.MetadataDirective === 'REPLACE') return { headers: headersOf(input), storageClass, tags };
  return { headers: { ...source.headers, WebsiteRedirectLocation }, storageClass, tags };
}

function assertDirective(header: string, directive: string | undefined): void {
  if (directive === undefined || directive === 'COPY' || directive === 'REPLACE') return;
  throw faults.invalidArgument(
    header === 'x-amz-metadata-directive' ? 'Unknown metadata directive.' : 'Unknown tagging directive.',
    header,
    directive,
  );
}

/** Copying an object to itself must change something about it. */
function assertChange(input: CopyObjectRequest): void {
  const source = parseCopySource(input.CopySource);
  const changes =
    // An older version comes back as the newest.
    source.VersionId !== undefined ||
    input.MetadataDirective === 'REPLACE' ||
    input.StorageClass !== undefined ||
    input.WebsiteRedirectLocation !== undefined ||
    input.ServerSideEncryption !== undefined ||
    input.ChecksumAlgorithm !== undefined;
  if (source.Bucket === input.Bucket && source.Key === input.Key && !changes)
    throw faults.invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
}
