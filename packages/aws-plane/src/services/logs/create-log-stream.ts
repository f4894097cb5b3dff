// CreateLogStream.
import type { CreateLogStreamRequest } from '@aws-sdk/client-cloudwatch-logs';
import { defineOperation } from '../../operation.ts';
import { onStream } from './access.ts';
import { faults } from './faults.ts';
import { groupAt, nameOf } from './groups.ts';
import { findChild, putChild } from './state.ts';

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
    await call.plane.store.transact((tx) => {
      const group = groupAt(tx, at);
      if (findChild(tx, group, 'stream', name)) throw faults.streamExists();
      putChild(tx, group, 'stream', { name, createdMs: call.nowMs });
    });
    return {};
  },
});

function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text);
}
