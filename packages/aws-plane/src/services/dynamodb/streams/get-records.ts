// GetShardIterator and GetRecords. An iterator says which record is next and when it was given; who holds it needs the
// right to read the stream that it names.
import type {
  GetRecordsInput,
  GetRecordsOutput,
  GetShardIteratorInput,
  GetShardIteratorOutput,
} from '@aws-sdk/client-dynamodb-streams';
import { isRecord } from '@pergola/kernel';
import { AwsFault } from '../../../fault.ts';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { streamArn } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { behind, bigEndian, streamPrefix } from '../storage/layout.ts';
import { decodeRecord } from '../storage/stream-record.ts';
import { checkOnStream, noSuchStream, onStream, streamAt } from './stream-access.ts';
import { lastNumber, numberOf, recordShape, shardIdOf } from './stream-shape.ts';
import type { StreamRecord } from './stream-state.ts';

const ITERATOR_LIVES_MS = 15 * 60_000;
const PAGE_RECORDS = 1_000;
const PAGE_BYTES_MAX = 1_048_576;

interface Position {
  /** Number of the next record. */
  readonly next: number;
  readonly givenMs: number;
}

function iteratorOf(stream: StreamRecord, position: Position): string {
  const text = JSON.stringify(position);
  return `${streamArn(stream, stream.label)}|1|${Buffer.from(text).toString('base64')}`;
}

const invalidIterator = () => faults.validation('Invalid ShardIterator');

function readIterator(iterator = ''): { readonly arn: string; readonly position: Position } {
  const [arn = '', , token = ''] = iterator.split('|');
  try {
    const position: unknown = JSON.parse(Buffer.from(token, 'base64').toString());
    if (!isRecord(position)) throw invalidIterator();
    const { next, givenMs } = position;
    if (Number.isSafeInteger(next) && Number(next) >= 1 && Number.isFinite(givenMs))
      return { arn, position: { next: Number(next), givenMs: Number(givenMs) } };
  } catch {
    // Whatever it is, it is no iterator.
  }
  throw invalidIterator();
}

export const getShardIterator = defineOperation<GetShardIteratorInput, GetShardIteratorOutput>({
  name: 'GetShardIterator',
  access: onStream('GetShardIterator'),
  handle(call, input) {
    const stream = streamAt(call, input.StreamArn);
    if (input.ShardId !== shardIdOf(stream))
      throw noSuchStream(`${input.StreamArn}, Shard: ${input.ShardId}`);
    return { ShardIterator: iteratorOf(stream, { next: nextOf(call, stream, input), givenMs: call.nowMs }) };
  },
});

function nextOf(call: Call, stream: StreamRecord, input: GetShardIteratorInput): number {
  const { bytes } = dynamoOf(call.plane);
  switch (input.ShardIteratorType) {
    case 'TRIM_HORIZON':
      return 1;
    case 'LATEST':
      return lastNumber(bytes, stream) + 1;
    default: {
      const number = numberOf(input.SequenceNumber ?? '');
      if (number === undefined)
        throw faults.validation(
          `Invalid SequenceNumber: ${input.SequenceNumber ?? 'null'} for ShardIteratorType ${input.ShardIteratorType}`,
        );
      const oldest = oldestNumber(call, stream);
      if (oldest !== undefined && number < oldest)
        throw new AwsFault(
          'TrimmedDataAccessException',
          400,
          'The sequence number is beyond the trim horizon of the shard',
        );
      return input.ShardIteratorType === 'AFTER_SEQUENCE_NUMBER' ? number + 1 : number;
    }
  }
}

function oldestNumber(call: Call, stream: StreamRecord): number | undefined {
  const prefix = streamPrefix(stream.key);
  const [first] = dynamoOf(call.plane).bytes.range({ from: prefix, to: behind(prefix), limit: 1 });
  return first && decodeRecord(first.key, first.value).number;
}

export const getRecords = defineOperation<GetRecordsInput, GetRecordsOutput>({
  name: 'GetRecords',
  access: {
    iam: (input, call) => [checkOnStream(call, 'GetRecords', readIterator(input.ShardIterator).arn)],
  },
  handle(call, input) {
    const { arn, position } = readIterator(input.ShardIterator);
    const stream = streamAt(call, arn);
    if (call.nowMs - position.givenMs > ITERATOR_LIVES_MS)
      throw new AwsFault(
        'ExpiredIteratorException',
        400,
        'Iterator expired. The iterator was created more than 15 minutes ago.',
      );
    const { bytes } = dynamoOf(call.plane);
    const prefix = streamPrefix(stream.key);
    const records: object[] = [];
    let next = position.next;
    let size = 0;
    const limit = Math.min(input.Limit ?? PAGE_RECORDS, PAGE_RECORDS);
    const from = Buffer.concat([prefix, bigEndian(position.next)]);
    for (const { key, value } of bytes.range({ from, to: behind(prefix), limit })) {
      if (size > 0 && size + value.length > PAGE_BYTES_MAX) break;
      size += value.length;
      const entry = decodeRecord(key, value);
      records.push(recordShape(stream, entry));
      next = entry.number + 1;
    }
    const ended = stream.closedMs !== undefined && next > lastNumber(bytes, stream);
    return {
      Records: records,
      ...(!ended && { NextShardIterator: iteratorOf(stream, { next, givenMs: call.nowMs }) }),
    };
  },
});
