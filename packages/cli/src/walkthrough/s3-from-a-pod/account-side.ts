// Roles and the bucket: what the seed does with `aws iam` and `aws s3api`. Done again, each step finds its own work.
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  type IAMClient,
  paginateListPolicies,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { NotProved, type Proof } from '../step.ts';
import type { Scene } from './scene.ts';

/** A role that only `serviceAccount` may assume, with one managed policy. Returns its ARN. */
async function ensureRole(
  { iam, sandbox, names }: Scene,
  role: { readonly name: string; readonly serviceAccount: string; readonly policyName: string },
): Promise<string> {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${sandbox.identity.account}:oidc-provider/${names.provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${names.provider}:sub`]: `system:serviceaccount:${names.namespace}:${role.serviceAccount}`,
          },
        },
      },
    ],
  });
  await iam
    .send(new CreateRoleCommand({ RoleName: role.name, AssumeRolePolicyDocument: trust }))
    .catch((error: unknown) => {
      if (!hasName(error, 'EntityAlreadyExistsException')) throw error;
      return iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role.name, PolicyDocument: trust }));
    });
  const policyArn = await findPolicy(iam, role.policyName);
  await iam.send(new AttachRolePolicyCommand({ RoleName: role.name, PolicyArn: policyArn }));
  return `arn:aws:iam::${sandbox.identity.account}:role/${role.name}`;
}

async function findPolicy(iam: IAMClient, name: string): Promise<string> {
  for await (const page of paginateListPolicies({ client: iam }, { Scope: 'AWS' })) {
    const arn = page.Policies?.find((policy) => policy.PolicyName === name)?.Arn;
    if (arn) return arn;
  }
  throw new NotProved(`IAM has no policy named ${name}`);
}

export async function proveRolesMade(scene: Scene): Promise<Proof> {
  const { names } = scene;
  const writer = await ensureRole(scene, {
    name: names.role,
    serviceAccount: names.serviceAccount,
    policyName: 'AmazonS3FullAccess',
  });
  const reader = await ensureRole(scene, {
    name: names.readerRole,
    serviceAccount: names.readerServiceAccount,
    policyName: 'AmazonS3ReadOnlyAccess',
  });
  return { seen: `${writer} may write, ${reader} may only read; each trusts one ServiceAccount` };
}

export async function proveBucketMade({ s3, names, sandbox }: Scene): Promise<Proof> {
  const { region } = sandbox.identity;
  // S3 refuses a LocationConstraint of us-east-1.
  const elsewhere =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as never } };
  await s3.send(new CreateBucketCommand({ Bucket: names.bucket, ...elsewhere })).catch((error: unknown) => {
    if (!hasName(error, 'BucketAlreadyOwnedByYou')) throw error;
  });
  return { seen: `s3://${names.bucket}` };
}

export function hasName(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
