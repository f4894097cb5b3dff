import { describe, expect, it } from 'vitest';
import {
  account,
  allow,
  bucketPolicy,
  compiled,
  deny,
  federated,
  identity,
  otherAccount,
  policy,
  providerArn,
  request,
  root,
  session,
  trust,
  user,
  webIdentity,
} from '../tests/fixtures.ts';
import { type AuthorizationRequest, evaluate, type PolicySet } from './index.ts';

const everything = identity(allow('*', '*'));
const nothing = identity(allow('iam:GetUser', '*'));
const object = 'arn:aws:s3:::b/*';
const read = (Principal: unknown) => bucketPolicy(allow('s3:GetObject', object, { Principal }));

function decide(changes: Partial<AuthorizationRequest>, policies: Partial<PolicySet>): string {
  const { decision, layer } = evaluate(request(changes), { identity: [], ...policies });
  return `${decision} ${layer}`;
}

describe('identity policies', () => {
  it('deny what nothing allows', () => {
    expect(decide({}, {})).toBe('implicit-deny identity');
    expect(decide({}, { identity: [nothing] })).toBe('implicit-deny identity');
  });

  it('allow by one matching statement, and name it', () => {
    const verdict = evaluate(request(), {
      identity: [nothing, identity(deny('s3:PutObject', '*'), allow('s3:Get*', object, { Sid: 'Read' }))],
    });
    expect(verdict).toMatchObject({
      allowed: true,
      layer: 'identity',
      statement: { policy: 'inline:p', index: 1, sid: 'Read' },
    });
  });

  it('compare actions without case, resources with it', () => {
    expect(decide({ action: 'S3:getobject' }, { identity: [identity(allow('s3:GETOBJECT', '*'))] })).toBe(
      'allow identity',
    );
    expect(decide({}, { identity: [identity(allow('*', 'arn:aws:s3:::B/*'))] })).toBe(
      'implicit-deny identity',
    );
  });

  it('understand NotAction and NotResource', () => {
    const policies = {
      identity: [identity({ Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::secret/*' })],
    };
    expect(decide({}, policies)).toBe('allow identity');
    expect(decide({ action: 'iam:GetUser' }, policies)).toBe('implicit-deny identity');
    expect(decide({ resource: 'arn:aws:s3:::secret/x' }, policies)).toBe('implicit-deny identity');
  });

  it('let a Deny win, wherever it stands', () => {
    const denied = identity(deny('s3:*', object));
    expect(decide({}, { identity: [everything, denied] })).toBe('explicit-deny identity');
    expect(decide({}, { identity: [everything], boundary: denied })).toBe('explicit-deny boundary');
    expect(decide({}, { identity: [everything], session: [everything, denied] })).toBe(
      'explicit-deny session',
    );
    expect(decide({}, { identity: [everything], serviceControl: [[everything], [everything, denied]] })).toBe(
      'explicit-deny service-control',
    );
    expect(
      decide({}, { identity: [everything], resource: bucketPolicy(deny('*', '*', { Principal: '*' })) }),
    ).toBe('explicit-deny resource');
  });

  it('need no policy for the account root, but a Deny holds for it too', () => {
    expect(decide({ principal: root }, {})).toBe('allow identity');
    expect(decide({ principal: root }, { resource: bucketPolicy(deny('*', '*', { Principal: '*' })) })).toBe(
      'explicit-deny resource',
    );
    expect(decide({ principal: root }, { serviceControl: [[nothing]] })).toBe(
      'implicit-deny service-control',
    );
  });

  it('take variables of old documents literally', () => {
    const text =
      '{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}", "Principal": "*"}}';
    const resource = compiled('resource', 'bucket-policy:b', text);
    const asked = { resource: 'arn:aws:s3:::b/ann', context: { 'aws:username': 'ann' } };
    expect(decide(asked, { resource })).toBe('implicit-deny identity');
    expect(decide({ ...asked, resource: 'arn:aws:s3:::b/${aws:username}' }, { resource })).toBe(
      'allow resource',
    );
  });
});

describe('layers that limit', () => {
  it('are all needed', () => {
    expect(
      decide(
        {},
        {
          identity: [everything],
          boundary: everything,
          session: [everything],
          serviceControl: [[everything]],
        },
      ),
    ).toBe('allow identity');
    expect(decide({}, { identity: [everything], boundary: nothing })).toBe('implicit-deny boundary');
    expect(decide({}, { identity: [everything], session: [nothing] })).toBe('implicit-deny session');
    expect(decide({}, { identity: [everything], serviceControl: [[everything], [nothing]] })).toBe(
      'implicit-deny service-control',
    );
    expect(decide({}, { identity: [everything], serviceControl: [[everything], []] })).toBe(
      'implicit-deny service-control',
    );
  });

  it('join several session policies', () => {
    expect(decide({ principal: session }, { identity: [everything], session: [nothing, everything] })).toBe(
      'allow identity',
    );
  });

  it('leave a federated user nothing without a session policy', () => {
    expect(decide({ principal: federated }, { identity: [everything] })).toBe('implicit-deny session');
    expect(decide({ principal: federated }, { identity: [everything], session: [everything] })).toBe(
      'allow identity',
    );
  });
});

// The rows of IAM's table on what an Allow of a resource policy reaches past, within an account.
describe('a resource policy within the account', () => {
  const layers = { identity: [nothing], boundary: nothing, session: [nothing] };

  it.each([
    ['the user', user, { AWS: user.arn }, 'allow', 'allow', 'allow'],
    ['the user by unique id', user, { AWS: user.userId }, 'allow', 'allow', 'allow'],
    ['the role', session, { AWS: session.roleArn }, 'allow', 'implicit-deny', 'implicit-deny'],
    [
      'the role by unique id',
      session,
      { AWS: 'AROAEXAMPLEEXAMPLE01' },
      'allow',
      'implicit-deny',
      'implicit-deny',
    ],
    ['the session', session, { AWS: session.arn }, 'allow', 'allow', 'allow'],
    ['the federated user', federated, { AWS: federated.arn }, 'allow', 'allow', 'allow'],
    ['the account', user, { AWS: account }, 'implicit-deny', 'implicit-deny', 'implicit-deny'],
    ['the account root', session, { AWS: root.arn }, 'implicit-deny', 'implicit-deny', 'implicit-deny'],
    ['everyone', session, '*', 'allow', 'allow', 'allow'],
    ['everyone as AWS', user, { AWS: '*' }, 'allow', 'allow', 'allow'],
    [
      'somebody else',
      user,
      { AWS: `arn:aws:iam::${account}:user/eve` },
      'implicit-deny',
      'implicit-deny',
      'implicit-deny',
    ],
  ] as const)('that names %s', (...[, principal, Principal, pastIdentity, pastBoundary, pastSession]) => {
    const resource = read(Principal);
    const one = (set: Partial<PolicySet>) => decide({ principal }, { ...set, resource }).split(' ')[0];
    const needed = principal.kind === 'federated-user' ? { session: [everything] } : {};
    expect(one({ ...needed, identity: layers.identity })).toBe(pastIdentity);
    expect(one({ ...needed, identity: [nothing], boundary: layers.boundary })).toBe(pastBoundary);
    expect(one({ identity: [nothing], session: layers.session })).toBe(pastSession);
  });

  it('that names the account delegates to its own policies', () => {
    expect(decide({}, { identity: [everything], resource: read({ AWS: account }) })).toBe('allow identity');
  });

  it('takes the closest of several namings', () => {
    const resource = bucketPolicy(
      allow('s3:*', object, { Principal: { AWS: account } }),
      allow('s3:*', object, { Principal: { AWS: session.roleArn }, Sid: 'Role' }),
      allow('s3:*', 'arn:aws:s3:::other/*', { Principal: '*' }),
    );
    expect(evaluate(request({ principal: session }), { identity: [], resource })).toMatchObject({
      allowed: true,
      statement: { sid: 'Role' },
    });
    expect(decide({ principal: session }, { identity: [], resource, boundary: nothing })).toBe(
      'implicit-deny boundary',
    );
  });

  it('does not mistake part of a name for the name', () => {
    expect(decide({}, { resource: read({ AWS: `${user.arn}a` }) })).toBe('implicit-deny identity');
    expect(
      decide({ principal: { ...user, account: '12345678901' } }, { resource: read({ AWS: account }) }),
    ).toBe('implicit-deny identity');
  });
});

describe('between accounts', () => {
  const foreign = { resourceAccount: otherAccount };

  it('both sides must allow', () => {
    expect(decide(foreign, { identity: [everything] })).toBe('implicit-deny resource');
    expect(decide(foreign, { identity: [everything], resource: read({ AWS: otherAccount }) })).toBe(
      'implicit-deny resource',
    );
    expect(decide(foreign, { resource: read({ AWS: user.arn }) })).toBe('implicit-deny identity');
    expect(decide(foreign, { identity: [everything], resource: read({ AWS: user.arn }) })).toBe(
      'allow identity',
    );
    expect(decide(foreign, { identity: [everything], resource: read({ AWS: account }) })).toBe(
      'allow identity',
    );
    expect(
      decide(foreign, { identity: [everything], boundary: nothing, resource: read({ AWS: user.arn }) }),
    ).toBe('implicit-deny boundary');
    expect(decide({ ...foreign, principal: session }, { resource: read({ AWS: session.arn }) })).toBe(
      'implicit-deny identity',
    );
    expect(decide({ ...foreign, principal: root }, {})).toBe('implicit-deny resource');
    expect(decide({ ...foreign, principal: root }, { resource: read({ AWS: account }) })).toBe(
      'allow identity',
    );
  });
});

describe('callers without policies of their own', () => {
  it('are allowed by the resource alone', () => {
    expect(decide({ principal: { kind: 'anonymous' } }, {})).toBe('implicit-deny resource');
    expect(decide({ principal: { kind: 'anonymous' } }, { resource: read('*') })).toBe('allow resource');
    expect(decide({ principal: { kind: 'anonymous' } }, { resource: read({ AWS: account }) })).toBe(
      'implicit-deny resource',
    );
    const logs = { kind: 'service', service: 'logs.amazonaws.com' } as const;
    expect(decide({ principal: logs }, { resource: read({ Service: 'logs.amazonaws.com' }) })).toBe(
      'allow resource',
    );
    expect(decide({ principal: logs }, { resource: read({ Service: 'ec2.amazonaws.com' }) })).toBe(
      'implicit-deny resource',
    );
  });
});

describe('NotPrincipal', () => {
  const allButUser = (...names: string[]) =>
    bucketPolicy(deny('*', '*', { NotPrincipal: { AWS: names }, Principal: undefined }));

  it('in a Deny spares who is listed with account, role and session', () => {
    const own = { identity: [everything] };
    expect(decide({}, { ...own, resource: allButUser(user.arn, root.arn) })).toBe('allow identity');
    expect(decide({}, { ...own, resource: allButUser(user.arn) })).toBe('explicit-deny resource');
    expect(decide({}, { ...own, resource: allButUser(root.arn) })).toBe('explicit-deny resource');
    expect(
      decide(
        { principal: session },
        { ...own, resource: allButUser(root.arn, session.roleArn, session.arn) },
      ),
    ).toBe('allow identity');
    expect(decide({ principal: session }, { ...own, resource: allButUser(root.arn, session.arn) })).toBe(
      'explicit-deny resource',
    );
  });

  it('in a Deny spares nobody who has a boundary', () => {
    expect(
      decide({}, { identity: [everything], boundary: everything, resource: allButUser(user.arn, root.arn) }),
    ).toBe('explicit-deny resource');
  });

  it('in an Allow names all who are not listed', () => {
    const resource = bucketPolicy(allow('s3:*', object, { NotPrincipal: { AWS: user.arn } }));
    expect(decide({}, { resource })).toBe('implicit-deny identity');
    expect(decide({ principal: session }, { resource })).toBe('allow resource');
  });
});

describe('role trust', () => {
  const role = 'arn:aws:iam::123456789012:role/app';
  const assume = (principal: AuthorizationRequest['principal'], Principal: unknown, own = [everything]) =>
    decide(
      { action: 'sts:AssumeRole', resource: role, principal },
      {
        identity: own,
        resource: trust({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }),
        resourceMode: 'required',
      },
    );

  it('must name the caller or the account; an identity policy alone is never enough', () => {
    expect(assume(user, { AWS: user.arn }, [])).toBe('allow trust');
    expect(assume(user, { AWS: account }, [])).toBe('implicit-deny identity');
    expect(assume(user, { AWS: account })).toBe('allow identity');
    expect(assume(user, { AWS: otherAccount })).toBe('implicit-deny trust');
    expect(assume(root, { AWS: otherAccount })).toBe('implicit-deny trust');
    expect(decide({ action: 'kms:Decrypt', principal: root }, { resourceMode: 'required' })).toBe(
      'implicit-deny resource',
    );
  });

  it('names the provider of a web identity', () => {
    const action = 'sts:AssumeRoleWithWebIdentity';
    const by = (Principal: unknown) =>
      decide(
        { action, resource: role, principal: webIdentity },
        { resource: trust({ Effect: 'Allow', Action: action, Principal }), resourceMode: 'required' },
      );
    expect(by({ Federated: providerArn })).toBe('allow trust');
    expect(by({ Federated: providerArn.replace('rosa', 'other') })).toBe('implicit-deny trust');
    expect(by({ AWS: account })).toBe('implicit-deny trust');
    expect(decide({ action, resource: role, principal: webIdentity }, { resourceMode: 'required' })).toBe(
      'implicit-deny resource',
    );
  });
});

it('asks each policy about an action once and remembers no more than it may', () => {
  const named = policy('identity', 'inline:many', allow('s3:*', '*'));
  for (let i = 0; i < 1000; i++) {
    expect(decide({ action: `s3:Action${i}` }, { identity: [named] })).toBe('allow identity');
  }
  expect(decide({ action: 's3:Action0' }, { identity: [named] })).toBe('allow identity');
});
