// GetAccessKeyInfo: which account does an access key belong to?
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
import type { GetAccessKeyInfoRequest, GetAccessKeyInfoResponse } from '@aws-sdk/client-sts';
import { defineOperation, iam } from '../../operation.ts';
import { accountOfSessionKeyId } from './access-key-id.ts';
import { faults } from './faults.ts';

export const getAccessKeyInfo = defineOperation<GetAccessKeyInfoRequest, GetAccessKeyInfoResponse>({
  name: 'GetAccessKeyInfo',
  access: iam('sts:GetAccessKeyInfo'),
  handle(call, { AccessKeyId = '' }) {
    const { identities } = call.plane.ports;
    const account = accountOfSessionKeyId(AccessKeyId) ?? identities.findAccessKey(AccessKeyId)?.account;
    if (account === undefined) throw faults.noSuchAccessKey(AccessKeyId);
    return { Account: account };
  },
});
