// PutLogEvents. Answers when the disk has the events.
import type { PutLogEventsRequest, PutLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import type { EventColumns } from '@pergola/log-store';
import { defineOperation } from '../../operation.ts';
import { onStream } from './access.ts';
import { rejectedEntity } from './entity.ts';
import { type InputEvent, sortBatch } from './event-batch.ts';
import { readEvents } from './event-reader.ts';
import { expiryMsOf, groupOf, streamOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import { sequenceTokenOf } from './sequence-token.ts';
import { refOf } from './state.ts';
import { storeFault } from './store-fault.ts';

/** Events that came over the wire are columns already, unless their body is an unusual one. */
interface Input extends Omit<PutLogEventsRequest, 'logEvents'> {
  readonly logEvents: readonly InputEvent[] | EventColumns | undefined;
}

export const putLogEvents = defineOperation<Input, PutLogEventsResponse>({
  name: 'PutLogEvents',
  decode(body, read) {
    const found = readEvents(body);
    return found && { ...read(found.rest), logEvents: found.events };
  },
  access: onStream('logs:PutLogEvents'),
  async handle(call, input) {
    const { nowMs, plane } = call;
    const group = groupOf(call, { logGroupName: input.logGroupName });
    const stream = streamOf(call, group, input.logStreamName ?? '');
    const expiryMs = expiryMsOf(group, nowMs);
    const { accepted, rejected } = sortBatch(input.logEvents ?? [], { nowMs, expiryMs });
    if (accepted.length > 0) {
      const { events } = logsOf(plane);
      await events.append(refOf(group), stream.name, accepted, nowMs).catch((error: unknown) => {
        throw storeFault(error, plane.logger);
      });
    }
    const entity = input.entity && rejectedEntity(input.entity);
    return {
      nextSequenceToken: sequenceTokenOf(group, stream.name, nowMs),
      ...(rejected && { rejectedLogEventsInfo: rejected }),
      ...(entity && { rejectedEntityInfo: entity }),
    };
  },
});
