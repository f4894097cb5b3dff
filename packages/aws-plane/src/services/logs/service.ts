// CloudWatch Logs: its operations. What each does not do stands in the README beside this file.
import type { LogStore } from '@pergola/log-store';
import type { AnyOperation, ServiceDefinition } from '../../operation.ts';
import type { PlaneContext } from '../../plane-context.ts';
import { createLogGroup } from './create-log-group.ts';
import { createLogStream } from './create-log-stream.ts';
import { deleteLogGroup } from './delete-log-group.ts';
import { deleteLogStream } from './delete-log-stream.ts';
import { putLogGroupDeletionProtection } from './deletion-protection.ts';
import { describeLogGroups } from './describe-log-groups.ts';
import { describeLogStreams } from './describe-log-streams.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import { associateKmsKey, disassociateKmsKey } from './kms-key.ts';
import { listLogGroups } from './list-log-groups.ts';
import { startLogs } from './logs-context.ts';
import { putLogEvents } from './put-log-events.ts';
import { deleteRetentionPolicy, putRetentionPolicy } from './retention-policy.ts';
import { startRetention } from './retention.ts';
import { listTagsLogGroup, tagLogGroup, untagLogGroup } from './tag-log-group.ts';
import { listTagsForResource, tagResource, untagResource } from './tag-resource.ts';

/** The service over the log store that `open` opens when the plane starts. */
export function logsOver(open: (plane: PlaneContext) => Promise<LogStore>): ServiceDefinition {
  return {
    name: 'logs',
    async start(plane) {
      await startLogs(plane, await open(plane));
      startRetention(plane);
    },
    operations,
  };
}

const operations: readonly AnyOperation[] = [
  createLogGroup,
  deleteLogGroup,
  describeLogGroups,
  listLogGroups,
  putRetentionPolicy,
  deleteRetentionPolicy,
  associateKmsKey,
  disassociateKmsKey,
  putLogGroupDeletionProtection,
  tagResource,
  untagResource,
  listTagsForResource,
  tagLogGroup,
  untagLogGroup,
  listTagsLogGroup,

  createLogStream,
  deleteLogStream,
  describeLogStreams,

  putLogEvents,
  getLogEvents,
  filterLogEvents,
];
