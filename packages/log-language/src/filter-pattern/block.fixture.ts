// Blocks of events for tests.
import type { LogBlock } from '../log-block.ts';

export function blockOf(messages: readonly string[]): LogBlock {
  const pieces = messages.map((message) => Buffer.from(message));
  const starts = new Uint32Array(messages.length + 1);
  pieces.forEach((piece, index) => {
    starts[index + 1] = (starts[index] ?? 0) + piece.length;
  });
  return {
    account: '111122223333',
    group: 'group',
    count: messages.length,
    bytes: Buffer.concat(pieces),
    starts,
    timestampsMs: new Float64Array(messages.length),
    ingestedMs: new Float64Array(messages.length),
    streams: new Uint32Array(messages.length),
    streamNames: ['stream'],
    firstSequence: 0,
  };
}
