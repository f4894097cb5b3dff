// The calls of CloudWatch Logs that the commands make, as values rather than wire shapes.
import { type AwsTarget, callJson, callStream, type EventStream, withRetries } from '@pergola/aws-client';
import { isRecord } from '@pergola/kernel';

export interface LogGroup {
  readonly name: string;
  /** Without the `:*` at its end. */
  readonly arn: string;
  readonly storedBytes: number;
  /** Absent: events are kept for ever. */
  readonly retentionDays: number | undefined;
  readonly createdMs: number;
  readonly class: string;
}

export interface LogEvent {
  readonly group: string;
  readonly stream: string;
  readonly timestampMs: number;
  readonly ingestedMs: number;
  readonly message: string;
}

type Wire = Readonly<Record<string, unknown>>;

async function call(target: AwsTarget, operation: string, body: Wire, signal?: AbortSignal): Promise<Wire> {
  const answer = await withRetries(target, () =>
    callJson(target, {
      service: 'logs',
      target: `Logs_20140328.${operation}`,
      body,
      signal,
      // A hundred thousand rows of a query.
      answerBytesMax: 512 * 2 ** 20,
    }),
  );
  return answer.body;
}

/** All groups whose names begin with `prefix`, in the order of their names. */
export async function listGroups(target: AwsTarget, prefix = '', signal?: AbortSignal): Promise<LogGroup[]> {
  const groups: LogGroup[] = [];
  let nextToken: unknown;
  do {
    const page = await call(
      target,
      'DescribeLogGroups',
      { ...(prefix === '' ? {} : { logGroupNamePrefix: prefix }), ...(nextToken ? { nextToken } : {}) },
      signal,
    );
    groups.push(...records(page['logGroups']).map(groupOf));
    nextToken = page['nextToken'];
  } while (nextToken);
  return groups;
}

function groupOf(wire: Wire): LogGroup {
  const retention = wire['retentionInDays'];
  return {
    name: text(wire['logGroupName']),
    arn: text(wire['logGroupArn'] ?? wire['arn']).replace(/:\*$/, ''),
    storedBytes: number(wire['storedBytes']),
    retentionDays: typeof retention === 'number' ? retention : undefined,
    createdMs: number(wire['creationTime']),
    class: text(wire['logGroupClass'] ?? 'STANDARD'),
  };
}

export interface EventsQuery {
  readonly group: string;
  /** Both inclusive. */
  readonly startMs: number;
  readonly endMs?: number | undefined;
  readonly pattern?: string | undefined;
  readonly streamPrefix?: string | undefined;
}

/** Pages of events, oldest first. */
export async function* filterEvents(
  target: AwsTarget,
  query: EventsQuery,
  signal?: AbortSignal,
): AsyncGenerator<readonly LogEvent[]> {
  let nextToken: unknown;
  do {
    const page = await call(
      target,
      'FilterLogEvents',
      {
        logGroupName: query.group,
        startTime: query.startMs,
        ...(query.endMs === undefined ? {} : { endTime: query.endMs }),
        ...(query.pattern ? { filterPattern: query.pattern } : {}),
        ...(query.streamPrefix ? { logStreamNamePrefix: query.streamPrefix } : {}),
        ...(nextToken ? { nextToken } : {}),
      },
      signal,
    );
    yield records(page['events']).map((event) => eventOf(query.group, event));
    nextToken = page['nextToken'];
  } while (nextToken);
}

function eventOf(group: string, wire: Wire): LogEvent {
  return {
    group,
    stream: text(wire['logStreamName']),
    timestampMs: number(wire['timestamp']),
    ingestedMs: number(wire['ingestionTime']),
    message: text(wire['message']),
  };
}

export interface LiveTailQuery {
  readonly groups: readonly LogGroup[];
  readonly pattern?: string | undefined;
  /** With one group only. */
  readonly streamPrefix?: string | undefined;
}

/** Opens a live tail; `signal` ends it. */
export function openLiveTail(
  target: AwsTarget,
  query: LiveTailQuery,
  signal: AbortSignal,
): Promise<EventStream> {
  return callStream(target, {
    service: 'logs',
    target: 'Logs_20140328.StartLiveTail',
    hostPrefix: 'stream-',
    signal,
    body: {
      logGroupIdentifiers: query.groups.map(({ arn }) => arn),
      ...(query.pattern ? { logEventFilterPattern: query.pattern } : {}),
      ...(query.streamPrefix ? { logStreamNamePrefixes: [query.streamPrefix] } : {}),
    },
  });
}

/** The events of a `sessionUpdate`. */
export function liveEventsOf(update: Wire): {
  readonly events: readonly LogEvent[];
  readonly sampled: boolean;
} {
  const metadata = isRecord(update['sessionMetadata']) ? update['sessionMetadata'] : {};
  const events = records(update['sessionResults']).map((wire) =>
    // `123456789012:name`, or an ARN.
    eventOf(text(wire['logGroupIdentifier']).replace(/^.*:/, ''), wire),
  );
  return { events, sampled: metadata['sampled'] === true };
}

export interface QueryStart {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Empty when the text names its own with SOURCE. */
  readonly groups: readonly string[];
  readonly limit?: number | undefined;
}

/** Starts a query and returns its id. */
export async function startQuery(target: AwsTarget, query: QueryStart): Promise<string> {
  const { queryId } = await call(target, 'StartQuery', {
    queryString: query.text,
    startTime: Math.floor(query.startMs / 1_000),
    endTime: Math.ceil(query.endMs / 1_000),
    ...(query.groups.length > 0 ? { logGroupNames: query.groups } : {}),
    ...(query.limit === undefined ? {} : { limit: query.limit }),
  });
  return text(queryId);
}

/** One row: values by field, in the order of display, without `@ptr`. */
export type QueryRow = ReadonlyMap<string, string>;

export interface QueryState {
  readonly status: string;
  readonly rows: readonly QueryRow[];
  readonly recordsMatched: number;
  readonly recordsScanned: number;
  readonly bytesScanned: number;
}

export async function readQuery(
  target: AwsTarget,
  queryId: string,
  signal?: AbortSignal,
): Promise<QueryState> {
  const wire = await call(target, 'GetQueryResults', { queryId }, signal);
  const statistics = isRecord(wire['statistics']) ? wire['statistics'] : {};
  const results = Array.isArray(wire['results']) ? wire['results'] : [];
  return {
    status: text(wire['status']),
    rows: results.map(rowOf),
    recordsMatched: number(statistics['recordsMatched']),
    recordsScanned: number(statistics['recordsScanned']),
    bytesScanned: number(statistics['bytesScanned']),
  };
}

function rowOf(fields: unknown): QueryRow {
  const pairs = records(fields).map(({ field, value }) => [text(field), text(value)] as const);
  return new Map(pairs.filter(([field]) => field !== '@ptr'));
}

export async function stopQuery(target: AwsTarget, queryId: string): Promise<void> {
  await call(target, 'StopQuery', { queryId });
}

function records(value: unknown): Wire[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
