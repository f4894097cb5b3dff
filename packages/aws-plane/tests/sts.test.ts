import { GetCallerIdentityCommand, AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, refusalOf, startTestPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane[Symbol.asyncDispose]());

describe('GetCallerIdentity', () => {
  it('names the user', async () => {
    const identity = await plane.sts().send(new GetCallerIdentityCommand());
    expect(identity).toMatchObject({
      Account: account,
      Arn: `arn:aws:iam::${account}:user/admin`,
      UserId: 'AIDAadmin',
    });
  });
});
