// Reads whole bodies, bounded: for the query and JSON services, and for S3's XML.
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip, inflate, type ZlibOptions } from 'node:zlib';
import type { Protocol } from '@pergola/aws-model';
import { AwsFault } from '../fault.ts';
import { bodyTooLarge, familyOf, incompleteBody, unreadableBody } from './faults.ts';

const MIB = 1_048_576;

/** Largest body that is held in memory, by protocol. JSON services take batches of log events and of items. */
const limits: Readonly<Record<Protocol, number>> = {
  awsQuery: MIB,
  ec2Query: MIB,
  'awsJson1.0': 16 * MIB,
  'awsJson1.1': 10 * MIB,
  restXml: 2 * MIB,
};

const inflateGzip = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const inflateZlib = promisify<Buffer, ZlibOptions, Buffer>(inflate);

/**
 * The whole of `stream`, or a fault when it is larger than `protocol` allows or ends too early. What is too much is
 * read and dropped: destroying a request would take its connection away, and the answer with it.
 */
export function readWhole(
  stream: Readable,
  protocol: Protocol,
  announced: string | undefined,
): Promise<Buffer> {
  const limit = limits[protocol];
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const onData = (piece: Buffer) => {
      size += piece.length;
      if (size <= limit) pieces.push(piece);
      else refuse(tooLarge(protocol));
    };
    const refuse = (fault: AwsFault) => {
      stream.off('data', onData).resume();
      reject(fault);
    };
    // Errors are heard even after the answer: an unheard one would end the process.
    stream.on('error', (error) => reject(error instanceof AwsFault ? error : incompleteBody()));
    stream.on('end', () =>
      resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, size)),
    );
    stream.on('close', () => {
      if (!stream.readableEnded) reject(incompleteBody());
    });
    if (announced !== undefined && Number(announced) > limit) refuse(tooLarge(protocol));
    else stream.on('data', onData);
  });
}

/** Encodings that are undone. SDKs send gzip, log agents also zlib's format, under both of its names. */
const decoders: Readonly<Record<string, typeof inflateGzip>> = {
  gzip: inflateGzip,
  'x-gzip': inflateGzip,
  deflate: inflateZlib,
  zlib: inflateZlib,
};
/** Compressions that agents can be set to and that Node 20 does not have. Other words, like `amz-1.0`, mean nothing. */
const unreadable = new Set(['zstd', 'snappy', 'lz4', 'br', 'compress']);

/** Undoes `Content-Encoding`, within the limit for bodies in memory. */
export async function decompress(
  body: Buffer,
  protocol: Protocol,
  encoding: string | undefined,
): Promise<Buffer> {
  if (encoding === undefined) return body;
  const name = encoding.trim().toLowerCase();
  const family = familyOf(protocol);
  if (unreadable.has(name))
    throw unreadableBody(family, `The content encoding ${name} is not implemented by this endpoint.`);
  const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (!decode) return body;
  try {
    return await decode(body, { maxOutputLength: limits[protocol] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(protocol);
    throw unreadableBody(family, `The request body is not valid ${name} data.`);
  }
}

function tooLarge(protocol: Protocol): AwsFault {
  return bodyTooLarge(familyOf(protocol), 'Your request was too big.', {
    MaxMessageLengthBytes: String(limits[protocol]),
  });
}
