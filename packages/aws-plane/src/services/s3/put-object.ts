// s3:PutObject. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
import type { PutObjectOutput, PutObjectRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import type { VerifiedBody } from '../../verified-body.ts';
import { checkOn, requestTags, writeContext } from './access.ts';
import type { ReceivedBody } from './bodies.ts';
import { faults } from './faults.ts';
import { assertVerifiable, checksumMembers, parseAlgorithm, verifiedChecksum } from './object-checksums.ts';
import { encryptionMembers, newDataKey } from './object-encryption.ts';
import { type ObjectRecord, toSeconds } from './object.ts';
import {
  assertSize,
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

type Input = Omit<PutObjectRequest, 'Body'> & { readonly Body: VerifiedBody };

export const putObject = defineOperation<Input, PutObjectOutput>({
  name: 'PutObject',
  access: {
    iam(input, call) {
      const tags = parseTaggingHeader(input.Tagging);
      const context = Object.assign(writeContext(input), tags && requestTags(tags));
      const target = { input, key: input.Key };
      return [
        checkOn(call, 's3:PutObject', target, context),
        ...(tags ? [checkOn(call, 's3:PutObjectTagging', target, context)] : []),
        // Comparing with the object that is there tells something about it.
        ...(input.IfMatch === undefined ? [] : [checkOn(call, 's3:GetObject', target)]),
      ];
    },
  },
  validate(input) {
    assertVerifiable(input);
    parseAlgorithm(input.ChecksumAlgorithm);
    assertWritable(input);
    if (input.WriteOffsetBytes !== undefined) throw faults.headerNotImplemented('x-amz-write-offset-bytes');
    assertSize(input.Body);
  },
  async handle(call, input) {
    const target = targetOf(call, input);
    checkEarly(call, target);
    const sealing = await newDataKey(call, input);
    const received = await bodiesOf(call.plane).receive(input.Body, {
      key: sealing?.key,
      sizeMaxBytes: PUT_BYTES_MAX,
      tooLarge: faults.entityTooLarge,
    });
    const object = await commit(
      call.plane,
      (tx, drop) =>
        replaceObject(tx, drop, target, {
          ...objectOf(input, received, call.nowMs),
          encryption: sealing?.encryption,
        }),
      received,
    );
    return {
      ETag: `"${object.etag}"`,
      ...encryptionMembers(object.encryption),
      ...checksumMembers(object.checksum),
      VersionId: writtenVersion(object),
    };
  },
});

function objectOf(input: Input, received: ReceivedBody, nowMs: number): ObjectRecord {
  return {
    etag: received.md5.toString('hex'),
    sizeBytes: received.sizeBytes,
    modifiedMs: toSeconds(nowMs),
    body: received.body,
    headers: headersOf(input),
    storageClass: storageClassOf(input),
    tags: parseTaggingHeader(input.Tagging),
    checksum: verifiedChecksum(input.Body, input.ChecksumAlgorithm),
  };
}
