// The CRC of two byte strings joined, from their CRCs alone: S3's FULL_OBJECT checksum of a multipart upload.

/** Width in bits and reflected polynomial of each CRC that S3 knows. */
const shapes = {
  crc32: { width: 32n, polynomial: 0xedb88320n },
  crc32c: { width: 32n, polynomial: 0x82f63b78n },
  crc64nvme: { width: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
} as const;

export type CrcAlgorithm = keyof typeof shapes;

interface Shape {
  readonly width: bigint;
  readonly polynomial: bigint;
}

export function isCrc(algorithm: string): algorithm is CrcAlgorithm {
  return Object.hasOwn(shapes, algorithm);
}

/**
 * The digest of `first` followed by `second`, given their digests and the second's length.
 * Appending n zero bytes multiplies a CRC by x^(8n) modulo the polynomial, and CRCs add by XOR.
 */
export function combineCrc(
  algorithm: CrcAlgorithm,
  first: Uint8Array,
  second: Uint8Array,
  secondSizeBytes: number,
): Buffer {
  const shape = shapes[algorithm];
  const shifted = multiply(shape, powerOfX(shape, 8n * BigInt(secondSizeBytes)), toBigInt(first));
  const combined = (shifted ^ toBigInt(second)).toString(16).padStart(Number(shape.width / 4n), '0');
  return Buffer.from(combined, 'hex');
}

/** x^exponent modulo the polynomial, by squaring. Bits are reflected: the highest bit is x^0. */
function powerOfX(shape: Shape, exponent: bigint): bigint {
  let power = 1n << (shape.width - 1n);
  let square = 1n << (shape.width - 2n);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiply(shape, power, square);
    square = multiply(shape, square, square);
  }
  return power;
}

/** Product of two reflected polynomials modulo the shape's. */
function multiply(shape: Shape, left: bigint, right: bigint): bigint {
  let product = 0n;
  let shifted = right;
  for (let bit = shape.width - 1n; bit >= 0n; bit--) {
    if ((left >> bit) & 1n) product ^= shifted;
    shifted = (shifted >> 1n) ^ (shifted & 1n ? shape.polynomial : 0n);
  }
  return product;
}

function toBigInt(digest: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(digest).toString('hex')}`);
}
