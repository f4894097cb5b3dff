// The five calls that deliver logs, as AWS takes them.
import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import { type AwsTarget, callJson } from '@pergola/aws-client';
import { isRecord } from '@pergola/kernel';
import type { CloudWatchOutput } from '../../../config/collector-config.ts';

const gzipped = promisify(gzip);
const deflated = promisify(deflate);

/** Events of a batch that AWS took but will not show, by reason. */
export type Rejections = Readonly<Partial<Record<'tooOld' | 'expired' | 'tooNew', number>>>;

export interface LogsApi {
  /** Sends the body of a PutLogEvents that holds `events` events. Throws AwsError. */
  putLogEvents(body: Buffer, events: number): Promise<Rejections>;
  createLogGroup(group: string): Promise<void>;
  putRetentionPolicy(group: string): Promise<void>;
  createLogStream(group: string, stream: string): Promise<void>;
}

/** Takes everything and sends nothing. */
export const silentApi: LogsApi = {
  putLogEvents: async () => ({}),
  createLogGroup: async () => {},
  putRetentionPolicy: async () => {},
  createLogStream: async () => {},
};

export interface CallLimits {
  readonly signal: AbortSignal;
  /** Milliseconds that a call may take. */
  readonly timeoutMs: number;
}

export function logsApi(target: AwsTarget, config: CloudWatchOutput, limits: CallLimits): LogsApi {
  const call = (
    operation: string,
    body: object | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    callJson(target, {
      service: 'logs',
      target: `Logs_20140328.${operation}`,
      body,
      headers,
      ...limits,
    });
  return {
    async putLogEvents(body, events) {
      const { bytes, headers } = await compressed(body, config.tuning.compression);
      const answer = await call('PutLogEvents', bytes, headers);
      return rejectionsOf(answer.body['rejectedLogEventsInfo'], events);
    },
    async createLogGroup(group) {
      const { tags, kmsKeyId } = config;
      await call('CreateLogGroup', {
        logGroupName: group,
        ...(tags === undefined ? {} : { tags }),
        ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      });
    },
    async putRetentionPolicy(group) {
      const { retentionDays } = config;
      if (retentionDays === undefined) return;
      await call('PutRetentionPolicy', { logGroupName: group, retentionInDays: retentionDays });
    },
    async createLogStream(group, stream) {
      await call('CreateLogStream', { logGroupName: group, logStreamName: stream });
    },
  };
}

/** What Node cannot compress is refused before the first call, by `assertCompression`. */
async function compressed(
  body: Buffer,
  compression: CloudWatchOutput['tuning']['compression'],
): Promise<{ readonly bytes: Buffer; readonly headers: Readonly<Record<string, string>> }> {
  if (compression === 'gzip') {
    return { bytes: await gzipped(body, { level: 1 }), headers: { 'content-encoding': 'gzip' } };
  }
  if (compression === 'zlib') {
    return { bytes: await deflated(body, { level: 1 }), headers: { 'content-encoding': 'deflate' } };
  }
  return { bytes: body, headers: {} };
}

/**
 * Too old and expired events stand at the beginning of a batch (their ends are exclusive), too new ones at its end.
 * An event that is both too old and expired counts as too old.
 */
export function rejectionsOf(info: unknown, events: number): Rejections {
  if (!isRecord(info)) return {};
  const index = (name: string, otherwise: number) => {
    const value = info[name];
    return typeof value === 'number' ? Math.min(Math.max(value, 0), events) : otherwise;
  };
  const tooOld = index('tooOldLogEventEndIndex', 0);
  const expired = Math.max(0, index('expiredLogEventEndIndex', 0) - tooOld);
  const tooNew = events - index('tooNewLogEventStartIndex', events);
  return {
    ...(tooOld > 0 ? { tooOld } : {}),
    ...(expired > 0 ? { expired } : {}),
    ...(tooNew > 0 ? { tooNew } : {}),
  };
}
