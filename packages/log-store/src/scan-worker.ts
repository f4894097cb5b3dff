// The program of a worker thread that scans blocks for queries.
import { parentPort } from 'node:worker_threads';
import type { NumberedReply, NumberedRequest } from './scan/scan-protocol.ts';
import { ScanRuns } from './scan/scan-runs.ts';

const runs = new ScanRuns();

function answer({ number, request }: NumberedRequest): NumberedReply {
  try {
    return { number, reply: runs.answer(request) };
  } catch (error) {
    return { number, failure: { message: (error as Error).message } };
  }
}

/** What is handed over instead of copied. */
function memoryOf(message: NumberedReply): ArrayBuffer[] {
  if (!('reply' in message)) return [];
  const { partial, result } = message.reply;
  return [...(partial ? [partial.buffer] : []), ...(result ? [result.json.buffer] : [])];
}

parentPort?.on('message', (request: NumberedRequest) => {
  const message = answer(request);
  parentPort?.postMessage(message, memoryOf(message));
});
