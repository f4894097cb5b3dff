// Reads whole bodies, bounded: for the query and JSON services, and for S3's XML.
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Protocol } from '../codecs/codec.ts';
import { AwsFault } from '../fault.ts';
import { bodyTooLarge, familyOf, incompleteBody, unreadableBody } from './faults.ts';

const MIB = 1_048_576;

/** Largest body that is held in memory, by protocol. JSON services take batches of log events and of items. */
const limits: Readonly<Record<Protocol, number>> = {
  awsQuery: MIB,
  'awsJson1.0': 16 * MIB,
  'awsJson1.1': 10 * MIB,
  restXml: 2 * MIB,
};

const inflate = promisify(gunzip);

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

/** Undoes `Content-Encoding: gzip`, which SDKs use for large JSON bodies. */
export async function decompress(
  body: Buffer,
  protocol: Protocol,
  encoding: string | undefined,
): Promise<Buffer> {
  if (encoding?.trim().toLowerCase() !== 'gzip') return body;
  try {
    return await inflate(body, { maxOutputLength: limits[protocol] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(protocol);
    throw unreadableBody(familyOf(protocol), 'The request body is not valid gzip data.');
  }
}

function tooLarge(protocol: Protocol): AwsFault {
  return bodyTooLarge(familyOf(protocol), 'Your request was too big.', {
    MaxMessageLengthBytes: String(limits[protocol]),
  });
}
