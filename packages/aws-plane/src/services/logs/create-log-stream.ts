// CreateLogStream.
import type { CreateLogStreamRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { onStream } from './access.ts';
import { faults } from './faults.ts';
import { groupAt, nameOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import { deleteChild, findChild, type LogGroup, putChild, refOf } from './state.ts';

export const createLogStream = defineOperation<CreateLogStreamRequest, object>({
  name: 'CreateLogStream',
  access: onStream('logs:CreateLogStream'),
  validate({ logStreamName = '' }) {
    // Halves of surrogate pairs are no text: they could be told apart neither in files nor in answers.
    if (!isWellFormed(logStreamName))
      throw faults.invalidParameter('The log stream name is not valid Unicode text.');
  },
  async handle(call, input) {
    const at = nameOf(call, input);
    const name = input.logStreamName ?? '';
    const { store } = call.plane;
    await forgetLeftovers(call, groupAt(store, at), name);
    await store.transact((tx) => {
      const group = groupAt(tx, at);
      if (findChild(tx, group, 'stream', name)) throw faults.streamExists();
      putChild(tx, group, 'stream', { name, createdMs: call.nowMs });
      if (findChild(tx, group, 'deleted-stream', name)) deleteChild(tx, group, 'deleted-stream', name);
    });
    return {};
  },
});

/** Events that came in while a stream of that name was being deleted are none of the new one's. */
async function forgetLeftovers({ plane }: Call, group: LogGroup, name: string): Promise<void> {
  if (findChild(plane.store, group, 'stream', name)) throw faults.streamExists();
  if (findChild(plane.store, group, 'deleted-stream', name))
    await logsOf(plane).events.deleteStream(refOf(group), name);
}

function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text);
}
