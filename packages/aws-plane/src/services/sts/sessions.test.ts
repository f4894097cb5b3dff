import { seededRandom } from '@pergola/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sessions } from './sessions.ts';

const role = {
  arn: 'arn:aws:iam::123456789012:role/path/app',
  roleName: 'app',
  roleId: 'AROAEXAMPLE',
  account: '123456789012',
  maxSessionDurationSeconds: 3600,
  tags: {},
};
const facts = { issuedAtMs: 1, expiresAtMs: 2, tags: { team: 'blue' }, sourceIdentity: 'me' };
const key = Buffer.alloc(32, 7);
const make = (sealingKey = key) => new Sessions(sealingKey, seededRandom(3));

describe('Sessions', () => {
  it('opens what it has sealed, also after a restart', () => {
    const issued = make().issue({ role, sessionName: 'me', session: facts });
    const record = make().findSession(issued.accessKeyId, issued.sessionToken);
    expect(record).toMatchObject({
      accessKeyId: issued.accessKeyId,
      secretAccessKey: issued.secretAccessKey,
      account: '123456789012',
      active: true,
      owner: {
        kind: 'role-session',
        roleArn: role.arn,
        roleId: 'AROAEXAMPLE',
        sessionName: 'me',
        session: facts,
      },
    });
    expect(issued.sessionToken).not.toContain(issued.secretAccessKey);
  });

  it('opens nothing else', () => {
    const sessions = make();
    const one = sessions.issue({ role, sessionName: 'me', session: facts });
    const two = sessions.issue({ role, sessionName: 'me', session: facts });
    expect(sessions.findSession(two.accessKeyId, one.sessionToken)).toBeUndefined();
    // The same again, with the token already open.
    expect(sessions.findSession(one.accessKeyId, one.sessionToken)).toBeDefined();
    expect(sessions.findSession(two.accessKeyId, one.sessionToken)).toBeUndefined();
    expect(make(Buffer.alloc(32, 8)).findSession(one.accessKeyId, one.sessionToken)).toBeUndefined();
  });

  it('notices every changed byte, and never throws', () => {
    const sessions = make();
    const { accessKeyId, sessionToken } = sessions.issue({ role, sessionName: 'me', session: facts });
    const bytes = Buffer.from(sessionToken, 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(sessions.findSession(accessKeyId, changed.toString('base64'))).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => sessions.findSession(accessKeyId, text) === undefined));
  });
});
