// DescribeStream and ListStreams.
import type {
  DescribeStreamInput,
  DescribeStreamOutput,
  ListStreamsInput,
  ListStreamsOutput,
} from '@aws-sdk/client-dynamodb-streams';
import { defineOperation } from '../../../operation.ts';
import { homeOf, streamArn, tableArn, tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { onStream, streamAt } from './stream-access.ts';
import { streamShape } from './stream-shape.ts';
import { streamsOf } from './stream-state.ts';

export const describeStream = defineOperation<DescribeStreamInput, DescribeStreamOutput>({
  name: 'DescribeStream',
  access: onStream('DescribeStream'),
  handle(call, input) {
    const shape = streamShape(dynamoOf(call.plane).bytes, streamAt(call, input.StreamArn));
    const { ExclusiveStartShardId: after = '' } = input;
    const shards = (shape.Shards ?? []).filter(({ ShardId = '' }) => ShardId > after);
    return { StreamDescription: { ...shape, Shards: shards } };
  },
});

const PAGE_STREAMS = 100;

export const listStreams = defineOperation<ListStreamsInput, ListStreamsOutput>({
  name: 'ListStreams',
  access: {
    iam: (input, call) => [
      {
        action: 'dynamodb:ListStreams',
        resource:
          input.TableName === undefined ? '*' : `${tableArn(tableNameOf(call, input.TableName))}/stream/*`,
      },
    ],
  },
  handle(call, input) {
    const at = input.TableName === undefined ? undefined : tableNameOf(call, input.TableName);
    const all = streamsOf(call.plane.store, at ?? homeOf(call), at?.name).map((stream) => ({
      StreamArn: streamArn(stream, stream.label),
      TableName: stream.name,
      StreamLabel: stream.label,
    }));
    const { ExclusiveStartStreamArn: after, Limit: limit = PAGE_STREAMS } = input;
    const start = after === undefined ? 0 : all.findIndex(({ StreamArn }) => StreamArn === after) + 1;
    const page = all.slice(start, start + limit);
    const last = start + limit < all.length ? page.at(-1)?.StreamArn : undefined;
    return { Streams: page, ...(last !== undefined && { LastEvaluatedStreamArn: last }) };
  },
});
