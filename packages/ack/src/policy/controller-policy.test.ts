// Policies that IAM takes, with all that the kinds call.
import { expect, test } from 'vitest';
import { loadKinds, serviceNames } from '../kinds/index.ts';
import { controllerPolicy } from './controller-policy.ts';

const managedPolicyMax = 6_144;

test.each(serviceNames())(
  '%s: every action of its kinds once, within the length of a policy',
  async (service) => {
    const policy = await controllerPolicy(service);
    const allowed = policy.Statement.flatMap(({ Action }) => Action);
    const called = new Set((await loadKinds([service])).flatMap(({ actions }) => actions));
    expect(new Set(allowed)).toEqual(called);
    expect(allowed).toHaveLength(called.size);
    expect(allowed.filter((action) => action.includes('*'))).toEqual([]);
    expect(JSON.stringify(policy).length).toBeLessThanOrEqual(managedPolicyMax);
  },
);

test('roles are handed on by a statement of its own, which may name them', async () => {
  const role = 'arn:aws:iam::123456789012:role/proxies/*';
  const { Statement } = await controllerPolicy('rds', [role]);
  expect(Statement[1]).toEqual({
    Sid: 'AckRdsPassRole',
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: [role],
  });
  expect((await controllerPolicy('sqs', [role])).Statement).toHaveLength(1);
});
