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

/** The digest of `first` followed by `second`, given their digests and the second's length. */
export type CombineCrc = (first: Uint8Array, second: Uint8Array, secondSizeBytes: number) => Buffer;

/**
 * Appending n zero bytes multiplies a CRC by x^(8n) modulo the polynomial, and CRCs add by XOR. The power is costly
 * and remembered, for the parts of an upload are mostly of one size.
 */
export function createCrcCombiner(algorithm: CrcAlgorithm): CombineCrc {
  const shape = shapes[algorithm];
  const digits = Number(shape.width / 4n);
  const powers = new Map<number, bigint>();
  return (first, second, secondSizeBytes) => {
    const power = powers.get(secondSizeBytes) ?? powerOfX(shape, 8n * BigInt(secondSizeBytes));
    powers.set(secondSizeBytes, power);
    const combined = multiply(shape, power, toBigInt(first)) ^ toBigInt(second);
    return Buffer.from(combined.toString(16).padStart(digits, '0'), 'hex');
  };
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
