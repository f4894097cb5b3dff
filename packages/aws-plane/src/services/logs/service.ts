// CloudWatch Logs: its operations. What each does not do stands in the README beside this file.
import type { AnyOperation, ServiceDefinition } from '../../operation.ts';
import { absentOperations } from './absent.ts';
import { createLogGroup } from './create-log-group.ts';
import { createLogStream } from './create-log-stream.ts';
import { deleteLogGroup } from './delete-log-group.ts';
import { deleteLogStream } from './delete-log-stream.ts';
import { putLogGroupDeletionProtection } from './deletion-protection.ts';
import { describeLogGroups } from './describe-log-groups.ts';
import { describeLogStreams } from './describe-log-streams.ts';
import { cancelExportTask, createExportTask, describeExportTasks } from './exports/export-tasks.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import { getLogGroupFields } from './queries/get-log-group-fields.ts';
import { getLogRecord } from './queries/get-log-record.ts';
import { associateKmsKey, disassociateKmsKey } from './kms-key.ts';
import { listLogGroups } from './list-log-groups.ts';
import { startLiveTail } from './live-tail/live-tail.ts';
import { startLogs } from './logs-context.ts';
import { deleteMetricFilter, describeMetricFilters, putMetricFilter } from './metric-filters.ts';
import { emptyIndexOperations, getDataProtectionPolicy } from './policies-of-groups.ts';
import { putLogEvents } from './put-log-events.ts';
import {
  deleteQueryDefinition,
  describeQueryDefinitions,
  putQueryDefinition,
} from './queries/query-definitions.ts';
import {
  describeQueries,
  getQueryResults,
  listLogGroupsForQuery,
  stopQuery,
} from './queries/query-results.ts';
import { deleteResourcePolicy, describeResourcePolicies, putResourcePolicy } from './resource-policies.ts';
import { deleteRetentionPolicy, putRetentionPolicy } from './retention-policy.ts';
import { startRetention } from './retention.ts';
import { startQuery } from './queries/start-query.ts';
import { startSubscriptions } from './subscriptions/subscription-deliveries.ts';
import {
  deleteSubscriptionFilter,
  describeSubscriptionFilters,
  putSubscriptionFilter,
} from './subscriptions/subscription-filters.ts';
import { listTagsLogGroup, tagLogGroup, untagLogGroup } from './tag-log-group.ts';
import { listTagsForResource, tagResource, untagResource } from './tag-resource.ts';
import { testMetricFilter } from './test-metric-filter.ts';

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
  startLiveTail,

  putMetricFilter,
  describeMetricFilters,
  deleteMetricFilter,
  testMetricFilter,

  putSubscriptionFilter,
  describeSubscriptionFilters,
  deleteSubscriptionFilter,

  startQuery,
  getQueryResults,
  stopQuery,
  describeQueries,
  listLogGroupsForQuery,
  getLogRecord,
  getLogGroupFields,
  putQueryDefinition,
  describeQueryDefinitions,
  deleteQueryDefinition,

  putResourcePolicy,
  describeResourcePolicies,
  deleteResourcePolicy,

  createExportTask,
  describeExportTasks,
  cancelExportTask,

  getDataProtectionPolicy,
  ...emptyIndexOperations,
  ...absentOperations,
];

export const logs: ServiceDefinition = {
  name: 'logs',
  async start(plane) {
    await startLogs(plane);
    startRetention(plane);
    await startSubscriptions(plane);
  },
  operations,
};
