// DeleteLogStream.
import type { DeleteLogStreamRequest } from '@aws-sdk/client-cloudwatch-logs';
import { defineOperation } from '../../operation.ts';
import { onStream } from './access.ts';
import { faults } from './faults.ts';
import { groupAt, nameOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import { deleteChild, findChild, putChild, refOf } from './state.ts';

export const deleteLogStream = defineOperation<DeleteLogStreamRequest, object>({
  name: 'DeleteLogStream',
  access: onStream('logs:DeleteLogStream'),
  async handle(call, input) {
    const at = nameOf(call, input);
    const name = input.logStreamName ?? '';
    const { value: group } = await call.plane.store.transact((tx) => {
      const found = groupAt(tx, at);
      if (!findChild(tx, found, 'stream', name)) throw faults.noSuchStream();
      // Protection blocks all deletions in a group, not only its own.
      if (found.deletionProtected) throw faults.streamProtected();
      deleteChild(tx, found, 'stream', name);
      putChild(tx, found, 'deleted-stream', { name });
      return found;
    });
    // Should the process die here, CreateLogStream removes what is left.
    await logsOf(call.plane).events.deleteStream(refOf(group), name);
    return {};
  },
});
