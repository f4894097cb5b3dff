// PutLogGroupDeletionProtection.
import type { PutLogGroupDeletionProtectionRequest } from '@aws-sdk/client-cloudwatch-logs';
import { defineOperation } from '../../operation.ts';
import { onGroup } from './access.ts';
import { changeGroup } from './change-group.ts';
import { nameOf } from './groups.ts';

export const putLogGroupDeletionProtection = defineOperation<PutLogGroupDeletionProtectionRequest, object>({
  name: 'PutLogGroupDeletionProtection',
  access: onGroup('logs:PutLogGroupDeletionProtection'),
  async handle(call, input) {
    const deletionProtected = input.deletionProtectionEnabled === true;
    await changeGroup(call, nameOf(call, input), (group) => ({ ...group, deletionProtected }));
    return {};
  },
});
