// GetLogEvents: the events of one stream, page by page in both directions.
import type { GetLogEventsRequest, GetLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import type { Place, ReadPage } from '@pergola/log-store';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { onStream } from './access.ts';
import { faults } from './faults.ts';
import { expiryMsOf, groupOf, streamOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import type { PageTokens, StreamPosition } from './page-tokens.ts';
import { assertInstants, PAGE_BYTES, PAGE_EVENTS, PAGE_MS, spanOf } from './reading.ts';
import { type LogGroup, refOf } from './state.ts';

export const getLogEvents = defineOperation<GetLogEventsRequest, GetLogEventsResponse>({
  name: 'GetLogEvents',
  access: onStream('logs:GetLogEvents'),
  validate: ({ startTime, endTime }) => assertInstants({ startTime, endTime }),
  async handle(call, input) {
    const group = groupOf(call, input);
    const stream = streamOf(call, group, input.logStreamName ?? '').name;
    const { tokens } = logsOf(call.plane);
    const scope = `GetLogEvents/${group.key}/${stream}`;
    const from = positionOf(tokens, scope, input);
    const page = await readPage(call, group, { ...input, logStreamName: stream }, from);
    const { ahead, behind } = edgesOf(input, from, page);
    const forward = from.direction === 'forward';
    return {
      events: (forward ? page.events : page.events.toReversed()).map((event) => ({
        timestamp: event.timestampMs,
        message: event.message,
        ingestionTime: event.ingestedMs,
      })),
      nextForwardToken: tokenFor(
        tokens,
        scope,
        { direction: 'forward', place: forward ? ahead : behind },
        input,
      ),
      nextBackwardToken: tokenFor(
        tokens,
        scope,
        { direction: 'backward', place: forward ? behind : ahead },
        input,
      ),
    };
  },
});

/** At the end of a stream the token that was given comes back as it is: clients stop there. */
function tokenFor(
  tokens: PageTokens,
  scope: string,
  next: StreamPosition,
  { nextToken }: GetLogEventsRequest,
): string {
  const given = nextToken === undefined ? undefined : tokens.openStream(scope, nextToken);
  const stays =
    given?.direction === next.direction &&
    given.place.timestampMs === next.place.timestampMs &&
    given.place.sequence === next.place.sequence;
  return stays && nextToken !== undefined ? nextToken : tokens.sealStream(scope, next);
}

/** The places where a walk goes on: ahead in the direction of reading, and behind, against it. */
function edgesOf(
  input: GetLogEventsRequest,
  { direction, place }: StreamPosition,
  page: ReadPage,
): { readonly ahead: Place; readonly behind: Place } {
  const [first] = page.events;
  const last = page.events.at(-1);
  if (first && last) return { ahead: last, behind: first };
  if (page.next) return { ahead: page.next, behind: turned(place, direction) };
  if (input.nextToken !== undefined) return { ahead: place, behind: turned(place, direction) };
  // Nothing is there yet: whatever comes lies behind the start of the span, from where both walks set out.
  const { fromMs } = spanOf({ startMs: input.startTime, endMs: input.endTime });
  const start = { timestampMs: fromMs, sequence: -1 };
  return { ahead: start, behind: start };
}

/** The same gap between two events, seen from its other side: places name the event that was passed last. */
function turned({ timestampMs, sequence }: Place, direction: StreamPosition['direction']): Place {
  const shifted = direction === 'forward' ? sequence + 1 : sequence - 1;
  return { timestampMs, sequence: Math.max(shifted, -1) };
}

/** Where to read: after a token, or from one end of the stream. */
function positionOf(tokens: PageTokens, scope: string, input: GetLogEventsRequest): StreamPosition {
  if (input.nextToken !== undefined) {
    const position = tokens.openStream(scope, input.nextToken);
    if (!position) throw faults.invalidToken();
    return position;
  }
  const { fromMs, toMs } = spanOf({ startMs: input.startTime, endMs: input.endTime });
  if (input.startFromHead === true)
    return { direction: 'forward', place: { timestampMs: fromMs, sequence: -1 } };
  return { direction: 'backward', place: { timestampMs: toMs, sequence: -1 } };
}

function readPage(
  call: Call,
  group: LogGroup,
  input: GetLogEventsRequest & { readonly logStreamName: string },
  { direction, place }: StreamPosition,
): Promise<ReadPage> {
  const span = spanOf({
    startMs: input.startTime,
    endMs: input.endTime,
    expiryMs: expiryMsOf(group, call.nowMs),
  });
  return logsOf(call.plane).events.read({
    group: refOf(group),
    streams: [input.logStreamName],
    ...span,
    direction,
    after: place,
    limitEvents: input.limit ?? PAGE_EVENTS,
    limitBytes: PAGE_BYTES,
    budgetMs: PAGE_MS,
  });
}
