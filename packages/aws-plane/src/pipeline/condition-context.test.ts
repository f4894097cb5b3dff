import { fakeClock, seededRandom, silentLogger, Disposal } from '@pergola/kernel';
import type { Store } from '@pergola/store';
import { describe, expect, it } from 'vitest';
import type { PlaneContext } from '../plane-context.ts';
import type { IdentityDirectory } from '../ports.ts';
import { openNetworks } from '../services/ec2/networks.ts';
import type { Principal } from '../principal.ts';
import { conditionContext } from './condition-context.ts';

const tagged = {
  findRole: () => ({ tags: { team: 'red', site: 'a' } }),
  findUser: () => ({ tags: { team: 'green' } }),
};
const plane: PlaneContext = {
  store: {} as Store,
  clock: fakeClock(),
  random: seededRandom(),
  logger: silentLogger,
  disposal: new Disposal(),
  dataDir: '',
  defaultAccount: '123456789012',
  defaultRegion: 'us-east-1',
  closing: new AbortController().signal,
  engines: undefined,
  ports: {
    identities: tagged as unknown as IdentityDirectory,
    sessions: { findSession: () => undefined },
    fetchIssuerDocument: () => Promise.reject(new Error('not asked')),
    callInside: () => Promise.reject(new Error('not asked here')),
    authorizeToken: () => Promise.reject(new Error('not asked here')),
    networks: openNetworks({ store: {} as Store, random: seededRandom() }),
  },
};
const keysOf = (principal: Principal) =>
  conditionContext({
    plane,
    service: 'sts',
    principal,
    region: 'eu-west-1',
    nowMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    transport: { sourceIp: '127.0.0.1', userAgent: 'test', secure: true, host: 'h' },
    credential: undefined,
  });
const account = '123456789012';

describe('conditionContext', () => {
  it('has the facts of the request', () => {
    expect(keysOf({ facts: { kind: 'anonymous' } })).toEqual({
      'aws:CurrentTime': '2026-01-02T03:04:05Z',
      'aws:EpochTime': '1767323045',
      'aws:SecureTransport': 'true',
      'aws:RequestedRegion': 'eu-west-1',
      'aws:ViaAWSService': 'false',
      'aws:PrincipalIsAWSService': 'false',
      'aws:SourceIp': '127.0.0.1',
      'aws:UserAgent': 'test',
      'aws:PrincipalType': 'Anonymous',
    });
  });

  it('names a user', () => {
    const arn = `arn:aws:iam::${account}:user/me`;
    expect(keysOf({ facts: { kind: 'user', account, arn, userId: 'AIDA', userName: 'me' } })).toMatchObject({
      'aws:PrincipalArn': arn,
      'aws:PrincipalType': 'User',
      'aws:PrincipalAccount': account,
      'aws:userid': 'AIDA',
      'aws:username': 'me',
      'aws:PrincipalTag/team': 'green',
    });
  });

  it('names the role of a session, its token, and lets session tags win', () => {
    const roleArn = `arn:aws:iam::${account}:role/path/app`;
    const arn = `arn:aws:sts::${account}:assumed-role/app/me`;
    const session = {
      issuedAtMs: 0,
      expiresAtMs: 1,
      tags: { team: 'blue' },
      sourceIdentity: 'who',
      federatedProvider: 'arn:provider',
      federatedContext: { 'issuer:sub': 'subject' },
    };
    const keys = keysOf({
      facts: { kind: 'role-session', account, arn, roleArn, userId: 'AROA:me' },
      session,
    });
    expect(keys).toMatchObject({
      'aws:PrincipalArn': roleArn,
      'aws:PrincipalType': 'AssumedRole',
      'aws:userid': 'AROA:me',
      'aws:PrincipalTag/team': 'blue',
      'aws:PrincipalTag/site': 'a',
      'aws:TokenIssueTime': '1970-01-01T00:00:00.000Z',
      'aws:SourceIdentity': 'who',
      'aws:FederatedProvider': 'arn:provider',
      'issuer:sub': 'subject',
    });
    expect(keys).not.toHaveProperty('aws:username');
  });
});
