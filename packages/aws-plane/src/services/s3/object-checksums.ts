// The `x-amz-checksum-*` members of S3's shapes, and checksums of multipart objects.
import { checksumOf, createChecksum } from '../../checksums/checksum.ts';
import { createCrcCombiner, isCrc } from '../../checksums/crc-combine.ts';
import type { VerifiedBody } from '../../verified-body.ts';
import { faults } from './faults.ts';
import type { ObjectChecksumAlgorithm, PartRecord, StoredChecksum } from './object.ts';

/** Algorithm by the member that carries its value. */
const members = {
  ChecksumCRC32: 'crc32',
  ChecksumCRC32C: 'crc32c',
  ChecksumCRC64NVME: 'crc64nvme',
  ChecksumSHA1: 'sha1',
  ChecksumSHA256: 'sha256',
} as const satisfies Record<string, ObjectChecksumAlgorithm>;

type Member = keyof typeof members;
export type ChecksumMembers = { readonly [member in Member]?: string | undefined };
/** As in `ChecksumAlgorithm` of the SDK. */
export type WireAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

const memberOf = Object.fromEntries(
  Object.entries(members).map(([member, algorithm]) => [algorithm, member]),
) as Record<ObjectChecksumAlgorithm, Member>;

export function toWireAlgorithm(algorithm: ObjectChecksumAlgorithm): WireAlgorithm {
  return algorithm.toUpperCase() as WireAlgorithm;
}

/** The algorithm that a request names; refuses those that this service cannot compute. */
export function parseAlgorithm(name: string | undefined): ObjectChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const algorithm = name.toLowerCase();
  if (algorithm in memberOf) return algorithm as ObjectChecksumAlgorithm;
  throw faults.headerNotImplemented('x-amz-checksum-algorithm', `the checksum algorithm ${name}`);
}

/** Refuses a checksum that nobody here can verify: taking the bytes unverified would break the promise. */
export function assertVerifiable(input: object): void {
  const name = Object.keys(input).find(
    (member) => /^Checksum(SHA512|MD5|XXHASH)/.test(member) && input[member as keyof object] !== undefined,
  );
  if (name === undefined) return;
  const algorithm = name.slice('Checksum'.length).toLowerCase();
  throw faults.headerNotImplemented(`x-amz-checksum-${algorithm}`, `the checksum algorithm ${algorithm}`);
}

/** The checksum that a request carries in a header, if any. */
export function givenChecksum(
  input: ChecksumMembers,
): { readonly algorithm: ObjectChecksumAlgorithm; readonly value: string } | undefined {
  for (const [member, algorithm] of Object.entries(members)) {
    const value = input[member as Member];
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

/** The checksum members of an answer. */
export function checksumMembers(checksum: StoredChecksum | undefined): ChecksumMembers & {
  readonly ChecksumType?: StoredChecksum['type'];
} {
  if (!checksum) return {};
  return { [memberOf[checksum.algorithm]]: checksum.value, ChecksumType: checksum.type };
}

/** The same without the type, for shapes that have none. */
export function checksumMember(checksum: StoredChecksum | undefined): ChecksumMembers {
  return checksum ? { [memberOf[checksum.algorithm]]: checksum.value } : {};
}

/** The checksum of a completed upload from those of its parts; undefined when a part has none. */
export function checksumOfParts(
  shape: Pick<StoredChecksum, 'algorithm' | 'type'>,
  parts: readonly PartRecord[],
): StoredChecksum | undefined {
  const { algorithm, type } = shape;
  const digests = parts.flatMap(({ checksum }) =>
    checksum?.algorithm === algorithm ? [Buffer.from(checksum.value, 'base64')] : [],
  );
  if (digests.length !== parts.length) return undefined;
  if (type === 'COMPOSITE') {
    const digest = checksumOf(algorithm, Buffer.concat(digests));
    return { algorithm, type, value: `${digest.toString('base64')}-${parts.length}` };
  }
  if (!isCrc(algorithm)) return undefined;
  const combine = createCrcCombiner(algorithm);
  let whole = createChecksum(algorithm).digest();
  for (const [index, part] of parts.entries()) {
    whole = combine(whole, digests[index] ?? Buffer.alloc(0), part.sizeBytes);
  }
  return { algorithm, type, value: whole.toString('base64') };
}

/**
 * The checksum that came with a body and held. `announced` is the algorithm of `x-amz-sdk-checksum-algorithm`,
 * which promises one. Only after the body has ended.
 */
export function verifiedChecksum(
  body: VerifiedBody,
  announced: string | undefined,
): StoredChecksum | undefined {
  for (const [algorithm, value] of body.checksums) {
    if (algorithm !== 'md5') return { algorithm, value, type: 'FULL_OBJECT' };
  }
  if (announced === undefined) return undefined;
  throw faults.invalidRequest(
    'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
  );
}
