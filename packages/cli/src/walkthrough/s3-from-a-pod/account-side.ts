// Roles and the bucket: what the seed does with `aws iam` and `aws s3api`. Done again, each step finds its own work.
import { type IAMClient, paginateListPolicies } from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { ensureRole, hasName } from '../role.ts';
import { NotProved, type Proof } from '../step.ts';
import type { Scene } from './scene.ts';

/** A role that only `serviceAccount` may assume, with one managed policy. Returns its ARN. */
async function ensure(
  { iam, sandbox, names, provider }: Scene,
  role: { readonly name: string; readonly serviceAccount: string; readonly policyName: string },
): Promise<string> {
  return ensureRole(iam, {
    name: role.name,
    account: sandbox.identity.account,
    provider,
    subject: `system:serviceaccount:${names.namespace}:${role.serviceAccount}`,
    policyArn: await findPolicy(iam, role.policyName),
  });
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
  const writer = await ensure(scene, {
    name: names.role,
    serviceAccount: names.serviceAccount,
    policyName: 'AmazonS3FullAccess',
  });
  const reader = await ensure(scene, {
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
