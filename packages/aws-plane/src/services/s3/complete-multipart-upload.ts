// s3:CompleteMultipartUpload: the object becomes the list of its parts; no byte is moved.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
import { createHash } from 'node:crypto';
import type {
  CompletedPart,
  CompleteMultipartUploadOutput,
  CompleteMultipartUploadRequest,
} from '@aws-sdk/client-s3';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { objectAccess } from './access.ts';
import { matchesEtag } from './conditions.ts';
import { faults } from './faults.ts';
import { PART_BYTES_MIN, PARTS_MAX, requireUpload } from './multipart.ts';
import { type ObjectRecord, type PartRecord, toSeconds, type UploadRecord } from './object.ts';
import { checksumMembers, checksumOfParts, givenChecksum } from './object-checksums.ts';
import { encryptionMembers } from './object-encryption.ts';
import { replaceObject, targetOf } from './object-write.ts';
import { deleteUpload } from './state.ts';
import { commit, putParts } from './storage.ts';
import { writtenVersion } from './versions.ts';

export const completeMultipartUpload = defineOperation<
  CompleteMultipartUploadRequest,
  CompleteMultipartUploadOutput
>({
  name: 'CompleteMultipartUpload',
  access: objectAccess('s3:PutObject'),
  validate(input) {
    const count = input.MultipartUpload?.Parts?.length ?? 0;
    if (count === 0 || count > PARTS_MAX) throw faults.malformedXml();
  },
  async handle(call, input) {
    const listId = call.plane.random.uuid().replaceAll('-', '');
    const object = await commit(call.plane, (tx, drop) => {
      const upload = requireUpload(tx, input);
      const uploaded = deleteUpload(tx, upload);
      const parts = chooseParts(upload, uploaded, input.MultipartUpload?.Parts ?? []);
      const record = objectOf(call, upload, parts, listId);
      assertExpectations(input, record);
      putParts(tx, listId, parts);
      const kept = new Set(parts);
      for (const part of uploaded) if (!kept.has(part)) drop(part.body);
      return replaceObject(tx, drop, targetOf(call, input), record);
    });
    return {
      Bucket: input.Bucket,
      Key: input.Key,
      Location: locationOf(call, input),
      ETag: `"${object.etag}"`,
      ...encryptionMembers(object.encryption),
      ...checksumMembers(object.checksum),
      VersionId: writtenVersion(object),
    };
  },
});

/** The uploaded parts that the request lists, checked one by one as S3 does. */
function chooseParts(
  upload: UploadRecord,
  uploaded: readonly PartRecord[],
  listed: readonly CompletedPart[],
): PartRecord[] {
  const byNumber = new Map(uploaded.map((part) => [part.number, part]));
  assertAscending(upload, listed);
  return listed.map((wanted, index) => {
    const { PartNumber: number = 0, ETag = '' } = wanted;
    const part = byNumber.get(number);
    if (!part || !matchesEtag(ETag, part.etag)) throw faults.invalidPart(upload.id, number, ETag);
    const checksum = givenChecksum(wanted);
    if (checksum && checksum.value !== part.checksum?.value)
      throw faults.invalidPart(upload.id, number, ETag);
    if (index < listed.length - 1 && part.sizeBytes < PART_BYTES_MIN) throw faults.entityTooSmall(part);
    return part;
  });
}

function assertAscending(upload: UploadRecord, listed: readonly CompletedPart[]): void {
  let last = 0;
  for (const { PartNumber = 0 } of listed) {
    if (PartNumber <= last) throw faults.invalidPartOrder(upload.id);
    last = PartNumber;
  }
}

function objectOf(
  call: Call,
  upload: UploadRecord,
  parts: readonly PartRecord[],
  listId: string,
): ObjectRecord {
  const md5s = createHash('md5');
  for (const part of parts) md5s.update(part.etag, 'hex');
  return {
    etag: `${md5s.digest('hex')}-${parts.length}`,
    sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0),
    modifiedMs: toSeconds(call.nowMs),
    body: { in: 'parts', id: listId },
    headers: upload.headers,
    storageClass: upload.storageClass,
    tags: upload.tags,
    encryption: upload.encryption,
    checksum: upload.checksum && checksumOfParts(upload.checksum, parts),
    partsCount: parts.length,
  };
}

/** Size and checksum that the request states must be those of the whole. */
function assertExpectations(input: CompleteMultipartUploadRequest, object: ObjectRecord): void {
  const { MpuObjectSize } = input;
  if (MpuObjectSize !== undefined && MpuObjectSize !== object.sizeBytes)
    throw faults.invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${MpuObjectSize} does not match what was computed: ${object.sizeBytes}`,
    );
  const given = givenChecksum(input);
  if (!given) return;
  // Clients may leave the number of parts off a composite checksum.
  const computed = object.checksum?.algorithm === given.algorithm ? object.checksum.value : undefined;
  if (computed !== given.value && computed?.replace(/-\d+$/, '') !== given.value)
    throw faults.badChecksum(given.algorithm);
}

/** The plane speaks plain HTTP. */
function locationOf(call: Call, input: CompleteMultipartUploadRequest): string {
  const { host } = call.transport;
  const { Bucket = '', Key = '' } = input;
  const bucketInHost = host.startsWith(`${Bucket}.`);
  const path = bucketInHost ? Key : `${Bucket}/${Key}`;
  return `http://${host}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
