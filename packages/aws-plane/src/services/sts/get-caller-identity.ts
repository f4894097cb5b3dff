// GetCallerIdentity: who am I?
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import { assert } from '@pergola/kernel';
import { defineOperation } from '../../operation.ts';

export const getCallerIdentity = defineOperation<GetCallerIdentityRequest, GetCallerIdentityResponse>({
  name: 'GetCallerIdentity',
  access: { authenticated: 'AWS lets every caller ask, even one with an explicit deny' },
  handle({ principal: { facts } }) {
    assert('arn' in facts, 'an authenticated caller has an ARN');
    const { account: Account, arn: Arn } = facts;
    return { UserId: facts.kind === 'root' ? Account : facts.userId, Account, Arn };
  },
});
