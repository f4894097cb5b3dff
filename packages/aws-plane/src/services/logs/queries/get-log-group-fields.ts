// GetLogGroupFields: which fields the events of a group have, and how many of the events have them.
import type { GetLogGroupFieldsRequest, GetLogGroupFieldsResponse } from '@aws-sdk/client-cloudwatch-logs';
import { flatten } from '@pergola/log-language';
import type { StoredEvent } from '@pergola/log-store';
import { defineOperation } from '../../../operation.ts';
import { onGroup } from '../access.ts';
import { expiryMsOf, groupOf } from '../groups.ts';
import { logsOf } from '../logs-context.ts';
import { assertInstants, PAGE_MS, spanOf } from '../reading.ts';
import { refOf } from '../state.ts';

const MINUTE_MS = 60_000;
const RECENT_MS = 15 * MINUTE_MS;
/** On both sides of a given time. */
const AROUND_MS = 8 * MINUTE_MS;
const SECOND_MS = 1_000;
/** The newest events of the span are looked at. */
const SAMPLE_EVENTS = 1_000;
const SAMPLE_BYTES = 4 * 1_048_576;
const FIELDS_MAX = 100;
const PERCENT = 100;
/** What CloudWatch gives each event. */
const systemFields = ['@ingestionTime', '@log', '@logStream', '@message', '@timestamp'];

export const getLogGroupFields = defineOperation<GetLogGroupFieldsRequest, GetLogGroupFieldsResponse>({
  name: 'GetLogGroupFields',
  access: onGroup('logs:GetLogGroupFields'),
  validate: ({ time }) => assertInstants({ time }),
  async handle(call, input) {
    const { nowMs, plane } = call;
    const group = groupOf(call, input);
    const span = around(input.time, nowMs);
    const { events } = await logsOf(plane).events.read({
      group: refOf(group),
      ...spanOf({ ...span, expiryMs: expiryMsOf(group, nowMs) }),
      direction: 'backward',
      limitEvents: SAMPLE_EVENTS,
      limitBytes: SAMPLE_BYTES,
      budgetMs: PAGE_MS,
    });
    return { logGroupFields: fieldsOf(events) };
  },
});

function around(timeSeconds: number | undefined, nowMs: number) {
  if (timeSeconds === undefined) return { startMs: nowMs - RECENT_MS, endMs: nowMs + 1 };
  const atMs = timeSeconds * SECOND_MS;
  return { startMs: atMs - AROUND_MS, endMs: atMs + AROUND_MS + 1 };
}

/** The commonest first. */
function fieldsOf(events: readonly StoredEvent[]): { name: string; percent: number }[] {
  if (events.length === 0) return [];
  const counts = new Map<string, number>(systemFields.map((name) => [name, events.length]));
  for (const { message } of events)
    for (const name of flatten(message).keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a, aCount], [b, bCount]) => bCount - aCount || (a < b ? -1 : 1))
    .slice(0, FIELDS_MAX)
    .map(([name, count]) => ({ name, percent: Math.round((PERCENT * count) / events.length) }));
}
