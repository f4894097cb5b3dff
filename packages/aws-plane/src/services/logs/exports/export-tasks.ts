// CreateExportTask, DescribeExportTasks and CancelExportTask.
import type {
  CancelExportTaskRequest,
  CreateExportTaskRequest,
  CreateExportTaskResponse,
  DescribeExportTasksRequest,
  DescribeExportTasksResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { defineOperation } from '../../../operation.ts';
import { onAccount, onGroup } from '../access.ts';
import { assertWritableBucket } from './export-bucket.ts';
import { type ExportRecord, exportShape, exportsOf, findExport, hasEnded, putExport } from './export-task.ts';
import { faults } from '../faults.ts';
import { groupOf, homeOf } from '../groups.ts';
import { logsOf } from '../logs-context.ts';
import { descendingKey, pageByKey } from '../paging.ts';
import { assertInstants } from '../reading.ts';

const PAGE_TASKS = 50;
const DEFAULT_PREFIX = 'exportedlogs';

export const createExportTask = defineOperation<CreateExportTaskRequest, CreateExportTaskResponse>({
  name: 'CreateExportTask',
  access: onGroup('logs:CreateExportTask'),
  validate({ from = 0, to = 0 }) {
    assertInstants({ from, to });
    if (from >= to) throw faults.invalidParameter('The from time must be before the to time.');
  },
  async handle(call, input) {
    const { plane, nowMs } = call;
    const group = groupOf(call, { logGroupName: input.logGroupName });
    if (group.class !== 'STANDARD') throw faults.classRefuses('export to S3', group.class);
    const home = homeOf(call);
    const task: ExportRecord = {
      ...home,
      id: plane.random.uuid(),
      name: input.taskName,
      groupName: group.name,
      streamPrefix: input.logStreamNamePrefix,
      fromMs: input.from ?? 0,
      toMs: input.to ?? 0,
      bucket: input.destination ?? '',
      prefix: input.destinationPrefix || DEFAULT_PREFIX,
      status: 'PENDING',
      message: 'Task is pending',
      createdMs: nowMs,
      endedMs: undefined,
    };
    await assertWritableBucket(plane, task);
    await plane.store.transact((tx) => {
      if (!exportsOf(tx, home).every(hasEnded)) throw faults.limitExceeded('Resource limit exceeded.');
      putExport(tx, task);
    });
    logsOf(plane).exports.start(task);
    return { taskId: task.id };
  },
});

export const describeExportTasks = defineOperation<DescribeExportTasksRequest, DescribeExportTasksResponse>({
  name: 'DescribeExportTasks',
  access: onAccount('logs:DescribeExportTasks'),
  handle(call, input) {
    const { taskId, statusCode } = input;
    const all = exportsOf(call.plane.store, homeOf(call)).filter(
      (task) =>
        (taskId === undefined || task.id === taskId) &&
        (statusCode === undefined || task.status === statusCode),
    );
    const pager = {
      tokens: logsOf(call.plane).tokens,
      scope: `DescribeExportTasks/${call.account}/${call.region}`,
    };
    const page = pageByKey(pager, input, {
      all,
      limit: input.limit ?? PAGE_TASKS,
      keyOf: ({ createdMs, id }) => descendingKey(createdMs) + id,
    });
    return {
      exportTasks: page.items.map(exportShape),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

export const cancelExportTask = defineOperation<CancelExportTaskRequest, object>({
  name: 'CancelExportTask',
  access: onAccount('logs:CancelExportTask'),
  async handle(call, { taskId = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const task = findExport(tx, home, taskId);
      if (!task) throw faults.noSuchExport();
      if (hasEnded(task)) throw faults.exportEnded();
      putExport(tx, { ...task, status: 'PENDING_CANCEL', message: 'Cancellation requested' });
    });
    logsOf(call.plane).exports.cancel(taskId);
    return {};
  },
});
