// GET /containerLogs/<namespace>/<pod>/<container>: the log as text, followed on request.
import type { ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Clock } from '@pergola/kernel';
import { fail, ok, type Result } from '@pergola/kernel';
import { type LogSource, readLog, type ReadLogOptions } from '../logs/read-log.ts';
import type { PodWorker } from '../pods/pod-worker.ts';

/** The query of a log request; the error is one for status 400. */
export function parseLogQuery(
  query: URLSearchParams,
  clock: Clock,
): Result<ReadLogOptions & { previous: boolean }> {
  const numbers: Record<string, number> = {};
  for (const name of ['tailLines', 'limitBytes', 'sinceSeconds']) {
    const text = query.get(name);
    if (text === null || text === '') continue;
    if (!/^-?\d{1,15}$/.test(text)) return fail(`invalid ${name}: "${text}"`);
    numbers[name] = Number(text);
  }
  const { tailLines, limitBytes, sinceSeconds } = numbers;
  if (tailLines !== undefined && tailLines < 0)
    return fail(`tailLines: Invalid value: ${tailLines}: must be greater than or equal to 0`);
  if (limitBytes !== undefined && limitBytes < 1)
    return fail(`limitBytes: Invalid value: ${limitBytes}: must be greater than 0`);
  if (sinceSeconds !== undefined && sinceSeconds < 1)
    return fail(`sinceSeconds: Invalid value: ${sinceSeconds}: must be greater than 0`);
  const sinceTime = query.get('sinceTime');
  if (sinceTime && sinceSeconds !== undefined)
    return fail('at most one of `sinceTime` or `sinceSeconds` may be specified');
  const sinceTimeMs = sinceTime ? Date.parse(sinceTime) : undefined;
  if (sinceTimeMs !== undefined && Number.isNaN(sinceTimeMs))
    return fail(`invalid sinceTime: "${sinceTime}"`);
  const sinceMs = sinceSeconds === undefined ? sinceTimeMs : clock.nowMs() - sinceSeconds * 1000;
  return ok({
    follow: isTrue(query.get('follow')),
    timestamps: isTrue(query.get('timestamps')),
    previous: isTrue(query.get('previous')),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
  });
}

/** The log wanted, or why there is none (status 400, in the kubelet's words). */
export function findLog(worker: PodWorker, container: string, previous: boolean): Result<LogSource> {
  const runner = worker.container(container);
  const pod = worker.pod.metadata.name;
  if (!runner) return fail(`container ${container} is not valid for pod ${pod}`);
  const waiting = runner.status.state.waiting;
  // While it waits to restart, the last life is the current log.
  const attempt = runner.attempt - (previous ? 1 : 0);
  const at = (number: number) => join(worker.logDirectory(container), `${number}.log`);
  if (previous) {
    if (attempt >= 0 && existsSync(at(attempt))) return ok({ path: at(attempt), live: undefined });
    return fail(`previous terminated container "${container}" in pod "${pod}" not found`);
  }
  if (runner.run) return ok({ path: runner.run.log.path, live: runner.run.log });
  for (const number of [attempt, attempt - 1])
    if (number >= 0 && existsSync(at(number))) return ok({ path: at(number), live: undefined });
  const why = waiting
    ? `is waiting to start: ${waiting.message ? imageProblem(waiting.reason, waiting.message) : waiting.reason}`
    : 'has no log';
  return fail(`container "${container}" in pod "${pod}" ${why}`);
}

/** Sends the log; ends with the client or with the log. */
export async function sendLog(
  source: LogSource,
  options: ReadLogOptions,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  for await (const part of readLog(source, options, gone.signal)) {
    if (gone.signal.aborted) break;
    if (!response.write(part)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}

function imageProblem(reason: string, message: string): string {
  if (reason === 'ErrImagePull' || reason === 'ErrImageNeverPull') return "image can't be pulled";
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : message;
}

function isTrue(text: string | null): boolean {
  return text !== null && !['false', '0', ''].includes(text);
}
