// DescribeLogStreams.
import type {
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogStream as LogStreamShape,
} from '@aws-sdk/client-cloudwatch-logs';
import type { StreamFacts } from '@pergola/log-store';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { onGroup } from './access.ts';
import { streamArn } from './arn.ts';
import { faults } from './faults.ts';
import { groupOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import type { PageTokens } from './page-tokens.ts';
import { sequenceTokenOf } from './sequence-token.ts';
import { childrenOf, type LogGroup, type LogStream, refOf } from './state.ts';

const PAGE_STREAMS = 50;

export const describeLogStreams = defineOperation<DescribeLogStreamsRequest, DescribeLogStreamsResponse>({
  name: 'DescribeLogStreams',
  access: onGroup('logs:DescribeLogStreams'),
  validate({ orderBy, logStreamNamePrefix }) {
    if (orderBy === 'LastEventTime' && logStreamNamePrefix !== undefined)
      throw faults.invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  },
  async handle(call, input) {
    const group = groupOf(call, input);
    const { tokens } = logsOf(call.plane);
    const order = `${input.orderBy ?? 'LogStreamName'}/${input.descending === true ? 'down' : 'up'}`;
    const scope = `DescribeLogStreams/${group.key}/${order}`;
    const list = input.orderBy === 'LastEventTime' ? byLastEvent : byName;
    const after = positionOf(tokens, scope, input.nextToken);
    const facts = await logsOf(call.plane).events.streams(refOf(group));
    const limit = input.limit ?? PAGE_STREAMS;
    const { page, more } = list(call, group, { ...input, facts, limit, after });
    const last = page.at(-1);
    return {
      logStreams: page.map((seen) => shapeOf(group, seen, call.nowMs)),
      ...(more && last && { nextToken: tokens.seal(scope, [...placeOf(last)]) }),
    };
  },
});

/** Time of the last event, and name, of the last stream of a page. */
type Position = readonly [lastEventMs: number, name: string];

interface Wanted {
  /** Of the streams that have events. */
  readonly facts: ReadonlyMap<string, StreamFacts>;
  readonly logStreamNamePrefix?: string | undefined;
  readonly descending?: boolean | undefined;
  readonly limit: number;
  readonly after: Position | undefined;
}

interface SeenStream {
  readonly stream: LogStream;
  /** Absent for a stream without events. */
  readonly facts: StreamFacts | undefined;
}

interface SeenPage {
  readonly page: readonly SeenStream[];
  readonly more: boolean;
}

function positionOf(tokens: PageTokens, scope: string, token: string | undefined): Position | undefined {
  if (token === undefined) return undefined;
  const value = tokens.open(scope, token);
  if (!Array.isArray(value)) throw faults.invalidToken();
  return [Number(value[0]), String(value[1])];
}

/** A stream without events comes before all others. */
function placeOf({ stream, facts }: SeenStream): Position {
  return [facts?.lastEventMs ?? 0, stream.name];
}

function byName(call: Call, group: LogGroup, wanted: Wanted): SeenPage {
  const { facts, limit, after, logStreamNamePrefix: prefix } = wanted;
  const { store } = call.plane;
  const name = after?.[1];
  let streams: LogStream[];
  if (wanted.descending === true) {
    const all = childrenOf<LogStream>(store, group, 'stream', { prefix }).toReversed();
    const from = name === undefined ? 0 : all.findIndex((stream) => compareNames(stream.name, name) < 0);
    streams = from < 0 ? [] : all.slice(from, from + limit + 1);
  } else {
    streams = childrenOf<LogStream>(store, group, 'stream', { prefix, after: name, limit: limit + 1 });
  }
  const page = streams.slice(0, limit).map((stream) => ({ stream, facts: facts.get(stream.name) }));
  return { page, more: streams.length > limit };
}

function byLastEvent(call: Call, group: LogGroup, wanted: Wanted): SeenPage {
  const { facts, limit, after } = wanted;
  const sign = wanted.descending === true ? -1 : 1;
  const streams = childrenOf<LogStream>(call.plane.store, group, 'stream');
  const ordered = streams
    .map((stream) => ({ stream, facts: facts.get(stream.name) }))
    .map((each): [Position, SeenStream] => [placeOf(each), each])
    .sort(([a], [b]) => sign * comparePositions(a, b))
    .filter(([position]) => !after || sign * comparePositions(position, after) > 0);
  return { page: ordered.slice(0, limit).map(([, each]) => each), more: ordered.length > limit };
}

function comparePositions(a: Position, b: Position): number {
  return a[0] - b[0] || compareNames(a[1], b[1]);
}

/** By UTF-8 bytes, as the store orders them. */
function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** AWS has shown no sizes of streams since 2019. */
function shapeOf(group: LogGroup, { stream, facts }: SeenStream, nowMs: number): LogStreamShape {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdMs,
    firstEventTimestamp: facts?.firstEventMs,
    lastEventTimestamp: facts?.lastEventMs,
    lastIngestionTime: facts?.lastIngestedMs,
    uploadSequenceToken: sequenceTokenOf(group, stream.name, nowMs),
    arn: streamArn(group, stream.name),
    storedBytes: 0,
  };
}
