// A role that one ServiceAccount may assume. Done again, it finds its own work.
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  type IAMClient,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';

export interface TrustedRole {
  readonly name: string;
  readonly account: string;
  /** Issuer without its scheme, as trust policies and provider ARNs write it. */
  readonly provider: string;
  /** `system:serviceaccount:NAMESPACE:NAME` */
  readonly subject: string;
  readonly policyArn: string;
}

export async function ensureRole(iam: IAMClient, role: TrustedRole): Promise<string> {
  const trust = trustPolicy(role);
  await iam
    .send(new CreateRoleCommand({ RoleName: role.name, AssumeRolePolicyDocument: trust }))
    .catch((error: unknown) => {
      if (!hasName(error, 'EntityAlreadyExistsException')) throw error;
      return trustSubject(iam, role);
    });
  await iam.send(new AttachRolePolicyCommand({ RoleName: role.name, PolicyArn: role.policyArn }));
  return `arn:aws:iam::${role.account}:role/${role.name}`;
}

/** Makes the role trust its subject, and nobody else. */
export async function trustSubject(
  iam: IAMClient,
  role: Pick<TrustedRole, 'name' | 'account' | 'provider' | 'subject'>,
): Promise<void> {
  const command = { RoleName: role.name, PolicyDocument: trustPolicy(role) };
  await iam.send(new UpdateAssumeRolePolicyCommand(command));
}

function trustPolicy({ account, provider, subject }: Pick<TrustedRole, 'account' | 'provider' | 'subject'>) {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${provider}:sub`]: subject } },
      },
    ],
  });
}

/** The AWS SDK names its errors after AWS's codes. */
export function hasName(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
