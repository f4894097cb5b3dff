// Streams, shards and records as their answers have them. A stream has one shard, from its beginning to its end.
import type { _Record, Shard, StreamDescription } from '@aws-sdk/client-dynamodb-streams';
import type { ByteStore } from '@pergola/store';
import { streamArn } from '../arn.ts';
import { streamCounter } from '../storage/layout.ts';
import type { StreamEntry } from '../storage/stream-record.ts';
import { keyShape } from '../tables/table-shape.ts';
import type { StreamRecord } from './stream-state.ts';

/** Sequence numbers have 21 digits, as AWS's have at the least. */
const FIRST_NUMBER = 100_000_000_000_000_000_000n;

export const sequenceOf = (number: number) => String(FIRST_NUMBER + BigInt(number));

/** The number of a record by its sequence number; undefined when it is none. */
export function numberOf(sequence: string): number | undefined {
  if (!/^\d{21,40}$/.test(sequence)) return undefined;
  const number = BigInt(sequence) - FIRST_NUMBER;
  return number > 0n && number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : undefined;
}

export const shardIdOf = ({ createdMs, key }: StreamRecord) =>
  `shardId-${String(createdMs).padStart(20, '0')}-${key.slice(0, 8)}`;

/** The number of the last record that was written; 0 before the first. */
export function lastNumber(bytes: ByteStore, stream: StreamRecord): number {
  return Number(bytes.get(streamCounter(stream.key))?.readBigUInt64BE() ?? 0n);
}

export function streamShape(bytes: ByteStore, stream: StreamRecord): StreamDescription {
  return {
    StreamArn: streamArn(stream, stream.label),
    StreamLabel: stream.label,
    StreamStatus: stream.closedMs === undefined ? 'ENABLED' : 'DISABLED',
    StreamViewType: stream.view,
    CreationRequestDateTime: new Date(stream.createdMs),
    TableName: stream.name,
    KeySchema: keyShape(stream.keys),
    Shards: [shardShape(bytes, stream)],
  };
}

function shardShape(bytes: ByteStore, stream: StreamRecord): Shard {
  return {
    ShardId: shardIdOf(stream),
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceOf(1),
      ...(stream.closedMs !== undefined && {
        EndingSequenceNumber: sequenceOf(Math.max(1, lastNumber(bytes, stream))),
      }),
    },
  };
}

export function recordShape(stream: StreamRecord, entry: StreamEntry): _Record {
  const { number, atMs, name, keys, before, after, bytes, expired } = entry;
  const shape = {
    eventID: `${stream.key}${number.toString(16).padStart(16, '0')}`,
    eventName: name,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: stream.region,
    dynamodb: {
      ApproximateCreationDateTime: new Date(Math.floor(atMs / 1_000) * 1_000),
      Keys: keys,
      ...(after && { NewImage: after }),
      ...(before && { OldImage: before }),
      SequenceNumber: sequenceOf(number),
      SizeBytes: bytes,
      StreamViewType: stream.view,
    },
    ...(expired && { userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } }),
  };
  return shape as unknown as _Record;
}
