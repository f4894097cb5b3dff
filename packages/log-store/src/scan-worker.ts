// The program of a worker thread that scans blocks for queries.
import { parentPort } from 'node:worker_threads';
import type { NumberedReply, NumberedRequest } from './scan-protocol.ts';
import { ScanRuns } from './scan-runs.ts';

const runs = new ScanRuns();

function answer({ number, request }: NumberedRequest): NumberedReply {
  try {
    return { number, reply: runs.answer(request) };
  } catch (error) {
    return { number, failure: { message: (error as Error).message } };
  }
}

parentPort?.on('message', (message: NumberedRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answer(message));
});
