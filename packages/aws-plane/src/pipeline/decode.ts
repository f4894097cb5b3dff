// Stage 5: the input, as the codec reads it, or as the operation does that has a reader of its own.
import type { ServiceCodec, WireRequest } from '../codecs/codec.ts';
import type { AnyOperation } from '../operation.ts';

/** Throws the codec's fault for a body that it cannot read. */
export function decode(codec: ServiceCodec, { name, decode: own }: AnyOperation, wire: WireRequest): object {
  const { body } = wire;
  if (!own || !Buffer.isBuffer(body)) return codec.decode(name, wire);
  const read = (other: Buffer) => codec.decode(name, { ...wire, body: other });
  return (own(body, read) as object | undefined) ?? codec.decode(name, wire);
}
