// PutRetentionPolicy and DeleteRetentionPolicy.
import type {
  DeleteRetentionPolicyRequest,
  PutRetentionPolicyRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { onGroup } from './access.ts';
import { changeGroup } from './change-group.ts';
import { faults } from './faults.ts';
import { nameOf } from './groups.ts';
import { forgetExpired } from './retention.ts';

const days: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288,
  3_653,
];

export const putRetentionPolicy = defineOperation<PutRetentionPolicyRequest, object>({
  name: 'PutRetentionPolicy',
  access: onGroup('logs:PutRetentionPolicy'),
  validate({ retentionInDays = 0 }) {
    if (!days.includes(retentionInDays)) throw faults.notAmong('retentionInDays', retentionInDays, days);
  },
  handle: (call, input) => setRetention(call, input.logGroupName, input.retentionInDays),
});

export const deleteRetentionPolicy = defineOperation<DeleteRetentionPolicyRequest, object>({
  name: 'DeleteRetentionPolicy',
  access: onGroup('logs:DeleteRetentionPolicy'),
  handle: (call, input) => setRetention(call, input.logGroupName, undefined),
});

async function setRetention(
  call: Call,
  logGroupName: string | undefined,
  retentionDays: number | undefined,
): Promise<object> {
  const changed = await changeGroup(call, nameOf(call, { logGroupName }), (group) => {
    if (group.class === 'DELIVERY') throw faults.fixedRetention();
    return { ...group, retentionDays };
  });
  await forgetExpired(call.plane, changed);
  return {};
}
