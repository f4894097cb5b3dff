// The condition keys that every request has: global `aws:` keys, and those of the session.
// Upstream: IAM User Guide, "AWS global condition context keys" and "IAM and AWS STS condition context keys".
import type { Credential } from '@pergola/sigv4';
import type { Transport } from '../call.ts';
import type { ServiceName } from '../operation.ts';
import type { PlaneContext } from '../plane-context.ts';
import type { Principal } from '../principal.ts';

/** What the keys are made of. */
export interface ContextFacts {
  readonly plane: PlaneContext;
  readonly service: ServiceName;
  readonly principal: Principal;
  readonly region: string;
  readonly nowMs: number;
  readonly transport: Transport;
  readonly credential: Credential | undefined;
}

type Keys = Record<string, string | readonly string[]>;

export function conditionContext(facts: ContextFacts): Keys {
  const { transport, nowMs } = facts;
  const seconds = Math.floor(nowMs / 1000);
  const keys: Keys = {
    'aws:CurrentTime': new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
    'aws:EpochTime': String(seconds),
    'aws:SecureTransport': String(transport.secure),
    'aws:RequestedRegion': facts.region,
    'aws:ViaAWSService': 'false',
    'aws:PrincipalIsAWSService': 'false',
  };
  if (transport.sourceIp) keys['aws:SourceIp'] = transport.sourceIp;
  if (transport.userAgent) keys['aws:UserAgent'] = transport.userAgent;
  addPrincipal(keys, facts.principal);
  addTags(keys, facts);
  addSession(keys, facts.principal);
  if (facts.service === 's3' && facts.credential) addS3(keys, facts.credential, nowMs);
  return keys;
}

function addPrincipal(keys: Keys, { facts }: Principal): void {
  switch (facts.kind) {
    case 'user':
      keys['aws:PrincipalArn'] = facts.arn;
      keys['aws:PrincipalType'] = 'User';
      keys['aws:userid'] = facts.userId;
      keys['aws:username'] = facts.userName;
      break;
    case 'root':
      keys['aws:PrincipalArn'] = facts.arn;
      keys['aws:PrincipalType'] = 'Account';
      keys['aws:userid'] = facts.account;
      break;
    case 'role-session':
      keys['aws:PrincipalArn'] = facts.roleArn;
      keys['aws:PrincipalType'] = 'AssumedRole';
      keys['aws:userid'] = facts.userId;
      break;
    case 'federated-user':
      keys['aws:PrincipalArn'] = facts.arn;
      keys['aws:PrincipalType'] = 'FederatedUser';
      keys['aws:userid'] = facts.userId;
      break;
    default:
      // Anonymous callers, services and token holders have no ARN of their own.
      keys['aws:PrincipalType'] = 'Anonymous';
      return;
  }
  keys['aws:PrincipalAccount'] = facts.account;
}

/** Tags of the user or role; those of the session win over them. Keys that differ in case only are one key. */
function addTags(keys: Keys, { plane, principal }: ContextFacts): void {
  const { facts, session } = principal;
  const { identities } = plane.ports;
  let own: Readonly<Record<string, string>> = {};
  if (facts.kind === 'user') own = identities.findUser(facts.account, facts.userName)?.tags ?? {};
  else if (facts.kind === 'role-session')
    own = identities.findRole(facts.account, roleNameOf(facts.roleArn))?.tags ?? {};
  const byKey = new Map<string, readonly [name: string, value: string]>();
  for (const tag of [...Object.entries(own), ...Object.entries(session?.tags ?? {})])
    byKey.set(tag[0].toLowerCase(), tag);
  for (const [name, value] of byKey.values()) keys[`aws:PrincipalTag/${name}`] = value;
}

function addSession(keys: Keys, { session }: Principal): void {
  if (!session) return;
  keys['aws:TokenIssueTime'] = new Date(session.issuedAtMs).toISOString();
  if (session.sourceIdentity) keys['aws:SourceIdentity'] = session.sourceIdentity;
  if (session.federatedProvider) keys['aws:FederatedProvider'] = session.federatedProvider;
  Object.assign(keys, session.federatedContext);
}

function addS3(keys: Keys, credential: Credential, nowMs: number): void {
  const presigned = credential.form !== 'header';
  keys['s3:authType'] = presigned ? 'REST-QUERY-STRING' : 'REST-HEADER';
  keys['s3:signatureversion'] = credential.form === 'query-v2' ? 'AWS' : 'AWS4-HMAC-SHA256';
  if (credential.form === 'query') keys['s3:signatureAge'] = String(nowMs - credential.requestedAtMs);
}

/** `ROLE` of `arn:aws:iam::ACCOUNT:role/PATH/ROLE`. */
export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}
