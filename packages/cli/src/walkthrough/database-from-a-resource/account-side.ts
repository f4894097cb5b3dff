// The controller's role: what its kinds of resources call, and nothing else.
import { CreatePolicyCommand } from '@aws-sdk/client-iam';
import { loadKinds, serviceNames } from '@pergola/ack';
import { ensureRole, hasName } from '../role.ts';
import type { Proof } from '../step.ts';
import { liftDenial } from './refusals.ts';
import type { DatabaseScene } from './scene.ts';

export async function proveControllerRole(scene: DatabaseScene): Promise<Proof> {
  const { iam, names, provider, sandbox } = scene;
  const { account } = sandbox.identity;
  const kinds = await loadKinds(serviceNames());
  const actions = [...new Set(kinds.flatMap((kind) => kind.actions))].toSorted();
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const policyArn = `arn:aws:iam::${account}:policy/${names.policy}`;
  await iam
    .send(new CreatePolicyCommand({ PolicyName: names.policy, PolicyDocument: document }))
    .catch((error: unknown) => {
      if (!hasName(error, 'EntityAlreadyExistsException')) throw error;
    });
  const subject = `system:serviceaccount:${names.system}:${names.serviceAccount}`;
  await ensureRole(iam, { name: names.role, account, provider, subject, policyArn });
  await liftDenial(scene);
  return {
    seen: `role ${names.role} trusts ${subject}`,
    details: [`it may do the ${actions.length} actions that ${kinds.length} kinds of resources call`],
  };
}
