// CloudWatch Logs: its operations. What each does not do stands in the README beside this file.
import type { LogStore } from '@pergola/log-store';
import type { ServiceDefinition } from '../../operation.ts';
import type { PlaneContext } from '../../plane-context.ts';
import { createLogGroup } from './create-log-group.ts';
import { createLogStream } from './create-log-stream.ts';
import { describeLogGroups } from './describe-log-groups.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import { startLogs } from './logs-context.ts';
import { putLogEvents } from './put-log-events.ts';

/** The service over the log store that `open` opens when the plane starts. */
export function logsOver(open: (plane: PlaneContext) => Promise<LogStore>): ServiceDefinition {
  return {
    name: 'logs',
    start: async (plane) => startLogs(plane, await open(plane)),
    operations: [
      createLogGroup,
      describeLogGroups,
      createLogStream,
      putLogEvents,
      getLogEvents,
      filterLogEvents,
    ],
  };
}
