// DeleteLogGroup.
import type { DeleteLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import { defineOperation } from '../../operation.ts';
import { onGroup } from './access.ts';
import { faults } from './faults.ts';
import { groupAt, nameOf } from './groups.ts';
import { logsOf } from './logs-context.ts';
import { deleteGroup, refOf } from './state.ts';
import { deliveriesOf } from './subscriptions/subscription-deliveries.ts';

export const deleteLogGroup = defineOperation<DeleteLogGroupRequest, object>({
  name: 'DeleteLogGroup',
  access: onGroup('logs:DeleteLogGroup'),
  async handle(call, input) {
    const at = nameOf(call, input);
    const { value: group } = await call.plane.store.transact((tx) => {
      const found = groupAt(tx, at);
      if (found.deletionProtected) throw faults.deletionProtected();
      deleteGroup(tx, found);
      return found;
    });
    await deliveriesOf(call.plane).stopAll(group.key);
    // The name is free from now on; should the process die here, the next start removes the events.
    await logsOf(call.plane).events.deleteGroup(refOf(group));
    return {};
  },
});
