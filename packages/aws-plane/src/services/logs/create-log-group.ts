// CreateLogGroup.
import type { CreateLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import { alphabets } from '@pergola/kernel';
import { defineOperation } from '../../operation.ts';
import { checkOnGroup, checkOnTags, requestTags } from './access.ts';
import { faults } from './faults.ts';
import { homeOf, nameOf } from './groups.ts';
import { assertKmsKey } from './kms-key.ts';
import { findGroup, type LogGroup, type LogGroupClass, putGroup } from './state.ts';
import { assertTags } from './tags.ts';

const KEY_CHARS = 26;
/** Events of the Delivery class are kept so long and no longer. */
const DELIVERY_DAYS = 2;

export const createLogGroup = defineOperation<CreateLogGroupRequest, object>({
  name: 'CreateLogGroup',
  access: {
    iam(input, call) {
      const at = nameOf(call, input);
      const context = requestTags(input.tags ?? {});
      const creation = { ...checkOnGroup(call, 'logs:CreateLogGroup', at), context };
      if (Object.keys(context).length === 0) return [creation];
      const tagging = { ...checkOnTags(call, 'logs:TagResource', at), context };
      return [creation, { ...tagging, denial: () => faults.taggedCreation(call.account) }];
    },
  },
  validate({ logGroupName = '', tags = {}, kmsKeyId }) {
    if (/^aws\//i.test(logGroupName)) throw faults.reservedName();
    assertTags(tags);
    assertKmsKey(kmsKeyId);
  },
  async handle(call, input) {
    const { plane, nowMs } = call;
    const group: LogGroup = {
      ...homeOf(call),
      name: input.logGroupName ?? '',
      key: plane.random.text(KEY_CHARS, alphabets.lowerAlphanumeric),
      createdMs: nowMs,
      class: (input.logGroupClass ?? 'STANDARD') as LogGroupClass,
      tags: input.tags ?? {},
      retentionDays: input.logGroupClass === 'DELIVERY' ? DELIVERY_DAYS : undefined,
      kmsKeyId: input.kmsKeyId,
      deletionProtected: input.deletionProtectionEnabled,
    };
    await plane.store.transact((tx) => {
      if (findGroup(tx, group)) throw faults.groupExists();
      putGroup(tx, group);
    });
    return {};
  },
});
