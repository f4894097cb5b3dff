// What keeps an output from delivering, told so that somebody can mend it: AWS's words, the call, the link of the trust
// chain that broke, what was presented, and the command that mends it. It says only what the answer proves; what a
// policy holds is for `pergola explain`, which may read it.
import { type AwsError, isThrottling } from '@pergola/aws-client';
import type { DeliveryFailure } from '../../../config/delivery-report.ts';
import type { TokenClaims } from './token-claims.ts';

export interface FailureContext {
  /** RFC 3339. */
  readonly since: string;
  /** The call that failed, e.g. `logs:PutLogEvents`; STS's when credentials could not be had. */
  readonly operation: string;
  readonly roleArn?: string | undefined;
  /** Of the web identity token, as read now. */
  readonly claims?: TokenClaims | undefined;
}

type Explanation = Pick<DeliveryFailure, 'reason' | 'link' | 'evidence' | 'fix'>;

/** The failure as it stands in the report. */
export function failureOf(error: AwsError, context: FailureContext): DeliveryFailure {
  const { since, operation } = context;
  const explained = context.operation.startsWith('sts:')
    ? explainSession(error, context)
    : explainCall(error, context);
  const { reason, link, evidence, fix } = explained;
  return {
    since,
    reason,
    message: error.message,
    operation,
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    ...(link === undefined ? {} : { link }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(fix === undefined ? {} : { fix }),
  };
}

interface Presented {
  readonly role: string;
  readonly subject: string;
  readonly audience: string;
  readonly issuer: string;
}

/** How STS refuses a token, and what mends it. The first that fits tells. */
const tokenRefusals: readonly {
  readonly fits: (error: AwsError) => boolean;
  readonly reason: string;
  readonly link: string;
  readonly fix: (presented: Presented) => string;
}[] = [
  {
    fits: ({ code }) => code === 'AccessDenied' || code === 'AccessDeniedException',
    reason: 'RoleAssumptionDenied',
    link: 'R4',
    fix: ({ role, subject, audience, issuer }) =>
      `The role does not exist, or its trust policy does not let this token in. It must name the provider of ` +
      `${issuer} and accept sub ${subject} and aud ${audience}: ` +
      `aws iam get-role --role-name ${nameOf(role)} --query Role.AssumeRolePolicyDocument`,
  },
  {
    fits: ({ code }) => code.startsWith('ExpiredToken'),
    reason: 'ExpiredToken',
    link: 'T5',
    fix: () =>
      'The token file holds an expired token: see that the kubelet renews it and that the clocks agree.',
  },
  {
    fits: ({ message }) => /No OpenIDConnect provider found/i.test(message),
    reason: 'InvalidIdentityToken',
    link: 'T1',
    fix: ({ issuer, audience }) =>
      `aws iam create-open-id-connect-provider --url ${issuer} --client-id-list ${audience}`,
  },
  {
    fits: ({ message }) => /Incorrect token audience/i.test(message),
    reason: 'InvalidIdentityToken',
    link: 'T3',
    fix: ({ role, audience, issuer }) =>
      `aws iam add-client-id-to-open-id-connect-provider --client-id ${audience} ` +
      `--open-id-connect-provider-arn ${providerArn(role, issuer)}`,
  },
  {
    fits: ({ code, message }) =>
      /retrieve verification key/i.test(message) || code.startsWith('IDPCommunicationError'),
    reason: 'InvalidIdentityToken',
    link: 'T6',
    fix: ({ issuer }) => `curl -sf ${issuer}/.well-known/openid-configuration`,
  },
  {
    fits: ({ code }) => code === 'InvalidIdentityToken',
    reason: 'InvalidIdentityToken',
    link: 'T7',
    fix: ({ issuer }) =>
      `The token's key must be among those that ${issuer} publishes: curl -sf ${issuer}/keys.json`,
  },
];

/** A session could not be had: the token, the provider or the role's trust policy. */
function explainSession(error: AwsError, context: FailureContext): Explanation {
  const evidence = presented(context);
  const { role = 'ROLE', subject = 'SUBJECT', audience = 'AUDIENCE', issuer = 'ISSUER' } = evidence;
  if (error.code === 'TokenUnreadable') return { reason: 'TokenUnreadable', link: 'K4', evidence };
  if (context.operation === 'sts:AssumeRole' && error.code.startsWith('AccessDenied')) {
    return { reason: 'RoleAssumptionDenied', link: 'R4', evidence, fix: assumeRoleFix(role) };
  }
  const refusal = tokenRefusals.find(({ fits }) => fits(error));
  if (!refusal) return { ...explainTransport(error), evidence };
  const { reason, link } = refusal;
  return { reason, link, evidence, fix: refusal.fix({ role, subject, audience, issuer }) };
}

/** A call to CloudWatch Logs itself failed. */
function explainCall(error: AwsError, context: FailureContext): Explanation {
  const { code, message } = error;
  if (code !== 'AccessDeniedException' && code !== 'AccessDenied') return explainTransport(error);
  const action = /not authorized to perform: (\S+)/.exec(message)?.[1] ?? context.operation;
  const resource = /on resource: (\S+)/.exec(message)?.[1];
  const caller = /^User: (\S+)/.exec(message)?.[1];
  const role = context.roleArn ?? caller;
  const evidence = {
    action,
    ...(resource === undefined ? {} : { resource }),
    ...(role === undefined ? {} : { role }),
    ...(caller === undefined ? {} : { caller }),
  };
  return { reason: 'AccessDenied', link: denialLink(message), evidence, fix: permissionFix(evidence) };
}

/** Which policy AWS names in its sentence. */
function denialLink(message: string): string {
  if (message.includes('permissions boundary')) return 'P2';
  if (message.includes('session policy')) return 'P3';
  if (message.includes('resource-based policy')) return 'P4';
  return /(?:service|resource) control policy/.test(message) ? 'P5' : 'P1';
}

function permissionFix(evidence: Readonly<Record<string, string | undefined>>): string {
  const { action = 'ACTION', resource = '*', role = 'ROLE' } = evidence;
  const statement = { Effect: 'Allow', Action: action, Resource: resource };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  return (
    `aws iam put-role-policy --role-name ${nameOf(role)} --policy-name log-forwarding ` +
    `--policy-document '${document}'`
  );
}

/** Failures that say nothing about identity. */
function explainTransport(error: AwsError): Explanation {
  const { code, status } = error;
  if (isThrottling(error)) return { reason: 'Throttled' };
  if (code.startsWith('ExpiredToken') || code === 'RequestExpired') return { reason: 'ExpiredToken' };
  if (
    /^UnrecognizedClient|^InvalidClientTokenId|^InvalidAccessKeyId|^InvalidSignature|^SignatureDoesNotMatch/.test(
      code,
    )
  ) {
    return { reason: 'CredentialsRefused' };
  }
  if (code === 'CertificateError') return { reason: 'CertificateUntrusted' };
  if (code === 'InvalidAnswer' || (status >= 200 && status < 300)) return { reason: 'HalfAnswer' };
  if (status === 0) return { reason: 'Unreachable' };
  return { reason: status >= 500 ? 'ServerError' : code };
}

function presented({ claims, roleArn }: FailureContext): Record<string, string> {
  return {
    ...(claims?.subject === undefined ? {} : { subject: claims.subject }),
    ...(claims?.audience === undefined ? {} : { audience: claims.audience }),
    ...(claims?.issuer === undefined ? {} : { issuer: claims.issuer }),
    ...(claims?.expires === undefined ? {} : { expires: claims.expires }),
    ...(roleArn === undefined ? {} : { role: roleArn }),
  };
}

function assumeRoleFix(role: string): string {
  return (
    `The role does not let this caller assume it, or wants another external id: ` +
    `aws iam get-role --role-name ${nameOf(role)} --query Role.AssumeRolePolicyDocument`
  );
}

/** The name in `arn:aws:iam::123456789012:role/path/NAME` or `arn:aws:sts::…:assumed-role/NAME/SESSION`. */
function nameOf(role: string): string {
  const assumed = /:assumed-role\/([^/]+)\//.exec(role)?.[1];
  return assumed ?? role.split('/').at(-1) ?? role;
}

function providerArn(role: string, issuer: string): string {
  const [, partition = 'aws', , , account = 'ACCOUNT'] = role.split(':');
  return `arn:${partition}:iam::${account}:oidc-provider/${issuer.replace(/^https?:\/\//, '')}`;
}
