// The policy and the role of the collector: what the seed does with `aws iam`.
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ensureRole, hasName, trustSubject } from '../role.ts';
import type { Proof } from '../step.ts';
import type { LogsScene } from './scene.ts';

/** The seed's policy. */
const actions = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'logs:PutLogEvents',
  'logs:PutRetentionPolicy',
];
const restricted = 'all-but-put-log-events';

function policyDocument(allowed: readonly string[]): string {
  const statement = { Effect: 'Allow', Action: allowed, Resource: 'arn:aws:logs:*:*:*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

function policyArn({ sandbox, names }: LogsScene): string {
  return `arn:aws:iam::${sandbox.identity.account}:policy/${names.policy}`;
}

export function roleArn({ sandbox, names }: LogsScene): string {
  return `arn:aws:iam::${sandbox.identity.account}:role/${names.role}`;
}

function subject({ names }: LogsScene, serviceAccount: string): string {
  return `system:serviceaccount:${names.namespace}:${serviceAccount}`;
}

export async function proveCollectorRole(scene: LogsScene): Promise<Proof> {
  const { iam, names, provider, sandbox } = scene;
  await iam
    .send(new CreatePolicyCommand({ PolicyName: names.policy, PolicyDocument: policyDocument(actions) }))
    .catch((error: unknown) => {
      if (!hasName(error, 'EntityAlreadyExistsException')) throw error;
    });
  const trusted = subject(scene, names.serviceAccount);
  const { account } = sandbox.identity;
  await ensureRole(iam, {
    name: names.role,
    account,
    provider,
    subject: trusted,
    policyArn: policyArn(scene),
  });
  // What an earlier run that was cut short may have left.
  await liftRestriction(scene);
  return { seen: `${roleArn(scene)} trusts ${trusted}`, details: [`it may ${actions.join(', ')}`] };
}

/** Takes `logs:PutLogEvents` from the role, and nothing else. */
export async function forbidPut(scene: LogsScene): Promise<void> {
  const { iam, names } = scene;
  const rest = policyDocument(actions.filter((action) => action !== 'logs:PutLogEvents'));
  const policy = { RoleName: names.role, PolicyName: restricted, PolicyDocument: rest };
  await iam.send(new PutRolePolicyCommand(policy));
  await iam.send(new DetachRolePolicyCommand({ RoleName: names.role, PolicyArn: policyArn(scene) }));
}

export async function allowPut(scene: LogsScene): Promise<void> {
  const { iam, names } = scene;
  await iam.send(new AttachRolePolicyCommand({ RoleName: names.role, PolicyArn: policyArn(scene) }));
  await liftRestriction(scene);
}

async function liftRestriction({ iam, names }: LogsScene): Promise<void> {
  const policy = { RoleName: names.role, PolicyName: restricted };
  await iam.send(new DeleteRolePolicyCommand(policy)).catch((error: unknown) => {
    if (!hasName(error, 'NoSuchEntityException')) throw error;
  });
}

/** Makes the role trust a ServiceAccount of the collector's namespace, and no other. */
export async function trustOnly(scene: LogsScene, serviceAccount: string): Promise<void> {
  const { iam, names, provider, sandbox } = scene;
  const role = { name: names.role, account: sandbox.identity.account, provider };
  await trustSubject(iam, { ...role, subject: subject(scene, serviceAccount) });
}
