// GetLogRecord: one event with all its fields, by the @ptr of a query's result.
import type { GetLogRecordRequest, GetLogRecordResponse } from '@aws-sdk/client-cloudwatch-logs';
import { decodePointer, type EventPlace, flatten } from '@pergola/log-language';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOnGroup } from '../access.ts';
import type { GroupName } from '../arn.ts';
import { faults } from '../faults.ts';
import { expiryMsOf, groupAt, homeOf } from '../groups.ts';
import { logsOf } from '../logs-context.ts';
import { refOf } from '../state.ts';

export const getLogRecord = defineOperation<GetLogRecordRequest, GetLogRecordResponse>({
  name: 'GetLogRecord',
  access: {
    iam(input, call) {
      const at = nameAt(call, placeOf(input));
      const actions = ['logs:GetLogRecord', ...(input.unmask === true ? ['logs:Unmask'] : [])];
      return actions.map((action) => checkOnGroup(call, action, at));
    },
  },
  async handle(call, input) {
    const place = placeOf(input);
    const { plane, nowMs } = call;
    const group = groupAt(plane.store, nameAt(call, place));
    const event = await logsOf(plane).events.event(refOf(group), place.sequence);
    if (!event || event.timestampMs < expiryMsOf(group, nowMs)) throw faults.noSuchRecord();
    return {
      logRecord: {
        ...Object.fromEntries(flatten(event.message)),
        '@ingestionTime': String(event.ingestedMs),
        '@log': `${group.account}:${group.name}`,
        '@logStream': event.stream,
        '@message': event.message,
        '@ptr': input.logRecordPointer ?? '',
        '@timestamp': String(event.timestampMs),
      },
    };
  },
});

function placeOf({ logRecordPointer = '' }: GetLogRecordRequest): EventPlace {
  const place = decodePointer(logRecordPointer);
  if (!place) throw faults.invalidPointer();
  return place;
}

function nameAt(call: Call, { account, group }: EventPlace): GroupName {
  return { account, region: homeOf(call).region, name: group };
}
