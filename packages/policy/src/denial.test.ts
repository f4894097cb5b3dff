import { describe, expect, it } from 'vitest';
import {
  allow,
  bucketPolicy,
  deny,
  identity,
  request,
  root,
  session,
  trust,
  user,
  webIdentity,
} from '../tests/fixtures.ts';
import { type AuthorizationRequest, evaluate, type PolicySet, renderDenial } from './index.ts';

const everything = identity(allow('*', '*'));
const nothing = identity(allow('iam:GetUser', '*'));
const never = identity(deny('*', '*'));

function sentence(changes: Partial<AuthorizationRequest>, policies: Partial<PolicySet>): string {
  const asked = request(changes);
  return renderDenial(asked, evaluate(asked, { identity: [everything], ...policies }));
}

const start = `User: ${user.arn} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/key`;

describe('the sentence of a denial', () => {
  it.each<[Partial<PolicySet>, string]>([
    [{ identity: [] }, 'because no identity-based policy allows the s3:GetObject action'],
    [{ identity: [never] }, 'with an explicit deny in an identity-based policy'],
    [{ boundary: nothing }, 'because no permissions boundary allows the s3:GetObject action'],
    [{ boundary: never }, 'with an explicit deny in a permissions boundary'],
    [{ session: [nothing] }, 'because no session policy allows the s3:GetObject action'],
    [{ session: [never] }, 'with an explicit deny in a session policy'],
    [{ serviceControl: [[nothing]] }, 'because no service control policy allows the s3:GetObject action'],
    [{ serviceControl: [[never]] }, 'with an explicit deny in a service control policy'],
    [
      { resource: bucketPolicy(deny('*', '*', { Principal: '*' })) },
      'with an explicit deny in a resource-based policy',
    ],
  ])('names the layer: %#', (policies, reason) => {
    expect(sentence({}, policies)).toBe(`${start} ${reason}`);
  });

  it('names the resource policy of another account', () => {
    expect(sentence({ resourceAccount: '210987654321' }, {})).toBe(
      `${start} because no resource-based policy allows the s3:GetObject action`,
    );
  });

  it('words role trust in its own way', () => {
    const resource = 'arn:aws:iam::123456789012:role/app';
    const asked = { action: 'sts:AssumeRole', resource, principal: session };
    const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '210987654321' } };
    const begin = `User: ${session.arn} is not authorized to perform: sts:AssumeRole on resource: ${resource}`;
    expect(sentence(asked, { resource: trust(statement), resourceMode: 'required' })).toBe(
      `${begin} because no role trust policy allows the sts:AssumeRole action`,
    );
    expect(
      sentence(asked, {
        resource: trust({ ...statement, Effect: 'Deny', Principal: '*' }),
        resourceMode: 'required',
      }),
    ).toBe(`${begin} with an explicit deny in the role trust policy`);
  });

  it('leaves out a resource that is none', () => {
    expect(sentence({ action: 's3:ListAllMyBuckets', resource: '*' }, { identity: [] })).toBe(
      `User: ${user.arn} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
    );
  });

  it('tells a web identity nothing, and calls the anonymous anonymous', () => {
    const action = 'sts:AssumeRoleWithWebIdentity';
    expect(sentence({ action, principal: webIdentity }, { resourceMode: 'required' })).toBe(
      `Not authorized to perform ${action}`,
    );
    expect(sentence({ principal: { kind: 'anonymous' } }, {})).toContain(
      'User: anonymous is not authorized to perform: s3:GetObject',
    );
    expect(sentence({ principal: root }, { serviceControl: [[nothing]] })).toContain(
      `User: ${root.arn} is not`,
    );
  });
});
