// GET /containerLogs/<namespace>/<pod>/<container>: the log as text, followed on request.
import type { ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Clock } from '@pergola/kernel';
import { fail, ok, type Result } from '@pergola/kernel';
import { type LogSource, readLog, type ReadLogOptions } from '../logs/read-log.ts';
import type { PodWorker } from '../pods/pod-worker.ts';

const leastValues = { tailLines: 0, limitBytes: 1, sinceSeconds: 1 } as const;
type NumberName = keyof typeof leastValues;

/** The query of a log request; the error is one for status 400. */
export function parseLogQuery(
  query: URLSearchParams,
  clock: Clock,
): Result<ReadLogOptions & { previous: boolean }> {
  const numbers: Partial<Record<NumberName, number>> = {};
  for (const name of Object.keys(leastValues) as NumberName[]) {
    const text = query.get(name);
    if (!text) continue;
    const least = leastValues[name];
    if (!/^-?\d{1,15}$/.test(text)) return fail(`invalid ${name}: "${text}"`);
    if (Number(text) < least)
      return fail(
        `${name}: Invalid value: ${text}: must be greater than ${least === 0 ? 'or equal to 0' : '0'}`,
      );
    numbers[name] = Number(text);
  }
  const since = sinceOf(query.get('sinceTime'), numbers.sinceSeconds, clock);
  if (!since.ok) return since;
  return ok({
    follow: isTrue(query.get('follow')),
    timestamps: isTrue(query.get('timestamps')),
    previous: isTrue(query.get('previous')),
    ...(numbers.tailLines === undefined ? {} : { tailLines: numbers.tailLines }),
    ...(numbers.limitBytes === undefined ? {} : { limitBytes: numbers.limitBytes }),
    ...(since.value === undefined ? {} : { sinceMs: since.value }),
  });
}

function sinceOf(time: string | null, seconds: number | undefined, clock: Clock): Result<number | undefined> {
  if (!time) return ok(seconds === undefined ? undefined : clock.nowMs() - seconds * 1000);
  if (seconds !== undefined) return fail('at most one of `sinceTime` or `sinceSeconds` may be specified');
  const timeMs = Date.parse(time);
  return Number.isNaN(timeMs) ? fail(`invalid sinceTime: "${time}"`) : ok(timeMs);
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
