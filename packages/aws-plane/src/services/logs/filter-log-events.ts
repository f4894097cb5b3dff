// FilterLogEvents: the events of a group that match a pattern, in the order of time, page by page.
import type { FilterLogEventsRequest, FilterLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import type { Json } from '@pergola/kernel';
import type { Place } from '@pergola/log-store';
import { defineOperation } from '../../operation.ts';
import { onGroup } from './access.ts';
import { eventIdOf } from './event-id.ts';
import { faults } from './faults.ts';
import { expiryMsOf, groupOf, streamOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import { assertPattern } from './pattern.ts';
import { assertInstants, PAGE_BYTES, PAGE_EVENTS, PAGE_MS, spanOf } from './reading.ts';
import { refOf } from './state.ts';

export const filterLogEvents = defineOperation<FilterLogEventsRequest, FilterLogEventsResponse>({
  name: 'FilterLogEvents',
  access: onGroup('logs:FilterLogEvents'),
  validate({ startTime, endTime, logStreamNames, logStreamNamePrefix, filterPattern }) {
    assertInstants({ startTime, endTime });
    if (logStreamNames && logStreamNamePrefix !== undefined)
      throw faults.invalidParameter('Only one of logStreamNames and logStreamNamePrefix may be specified.');
    if (filterPattern !== undefined) assertPattern(filterPattern);
  },
  async handle(call, input) {
    const group = groupOf(call, input);
    for (const name of input.logStreamNames ?? []) streamOf(call, group, name);
    const { events, tokens } = logsOf(call.plane);
    const direction = input.startFromHead === false ? 'backward' : 'forward';
    const scope = `FilterLogEvents/${group.key}/${direction}`;
    const page = await events.read({
      group: refOf(group),
      streams: input.logStreamNames,
      streamPrefix: input.logStreamNamePrefix,
      // The end is inclusive here, unlike in GetLogEvents.
      ...spanOf({
        startMs: input.startTime,
        endMs: input.endTime === undefined ? undefined : input.endTime + 1,
        expiryMs: expiryMsOf(group, call.nowMs),
      }),
      direction,
      after: input.nextToken === undefined ? undefined : placeOf(tokens.open(scope, input.nextToken)),
      pattern: input.filterPattern || undefined,
      limitEvents: input.limit ?? PAGE_EVENTS,
      limitBytes: PAGE_BYTES,
      budgetMs: PAGE_MS,
    });
    return {
      events: page.events.map((event) => ({
        logStreamName: event.stream,
        timestamp: event.timestampMs,
        message: event.message,
        ingestionTime: event.ingestedMs,
        eventId: eventIdOf(event),
      })),
      searchedLogStreams: [],
      ...(page.next && { nextToken: tokens.seal(scope, [page.next.timestampMs, page.next.sequence]) }),
    };
  },
});

function placeOf(value: Json | undefined): Place {
  if (!Array.isArray(value)) throw faults.invalidToken();
  const [timestampMs, sequence] = value;
  return { timestampMs: Number(timestampMs), sequence: Number(sequence) };
}
