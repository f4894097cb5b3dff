// s3:GetObjectAttributes: chosen facts about an object, and the parts that it was made of.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
import type { GetObjectAttributesOutput, GetObjectAttributesRequest } from '@aws-sdk/client-s3';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { readChecks } from './access.ts';
import type { ObjectRecord } from './object.ts';
import { checksumMember, checksumMembers } from './object-checksums.ts';
import { requireObject, shownVersion } from './object-read.ts';
import { partsIn } from './storage.ts';

export const getObjectAttributes = defineOperation<GetObjectAttributesRequest, GetObjectAttributesOutput>({
  name: 'GetObjectAttributes',
  access: {
    iam(input, call) {
      const version = input.VersionId === undefined ? '' : 'Version';
      return [
        ...readChecks(call, `s3:GetObject${version}`, input),
        ...readChecks(call, `s3:GetObject${version}Attributes`, input),
      ];
    },
  },
  handle(call, input) {
    const object = requireObject(call, input);
    const wanted = new Set<string>(input.ObjectAttributes);
    return {
      LastModified: new Date(object.modifiedMs),
      VersionId: shownVersion(call, input, object),
      ...(wanted.has('ETag') && { ETag: object.etag }),
      ...(wanted.has('Checksum') && object.checksum && { Checksum: plainChecksum(object) }),
      ...(wanted.has('ObjectParts') && { ObjectParts: describeParts(call, input, object) }),
      ...(wanted.has('StorageClass') && { StorageClass: object.storageClass }),
      ...(wanted.has('ObjectSize') && { ObjectSize: object.sizeBytes }),
    };
  },
});

/** Here, unlike everywhere else, composite checksums come without the number of parts. */
function plainChecksum({ checksum }: ObjectRecord) {
  return checksumMembers(checksum && { ...checksum, value: checksum.value.replace(/-\d+$/, '') });
}

function describeParts(call: Call, input: GetObjectAttributesRequest, object: ObjectRecord) {
  if (object.body.in !== 'parts') return undefined;
  const parts = partsIn(call.plane.store, object.body.id);
  const TotalPartsCount = parts.length;
  // S3 lists single parts only when they have checksums.
  if (!parts.every((part) => part.checksum)) return { TotalPartsCount };
  const marker = Number(input.PartNumberMarker ?? 0);
  const MaxParts = Math.min(input.MaxParts ?? 1_000, 1_000);
  const rest = parts.map((part, index) => ({ part, number: index + 1 })).slice(marker);
  const page = rest.slice(0, MaxParts);
  return {
    TotalPartsCount,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.number ?? marker),
    MaxParts,
    IsTruncated: rest.length > page.length,
    Parts: page.map(({ part, number }) => ({
      PartNumber: number,
      Size: part.sizeBytes,
      ...checksumMember(part.checksum),
    })),
  };
}
