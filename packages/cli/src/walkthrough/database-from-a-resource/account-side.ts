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
  const subject = `system:serviceaccount:${names.system}:${names.serviceAccount}`;
  const granted: string[] = [];
  // One policy for each service: all actions together are longer than a policy may be.
  for (const service of serviceNames()) {
    const actions = await actionsOf(service);
    const policyArn = await ensurePolicy(scene, `${names.policy}-${service}`, actions);
    await ensureRole(iam, { name: names.role, account, provider, subject, policyArn });
    granted.push(`${service} ${actions.length}`);
  }
  await liftDenial(scene);
  return {
    seen: `role ${names.role} trusts ${subject}`,
    details: [
      `it may do what the controller's kinds of resources call, and nothing else: ${granted.join(', ')}`,
    ],
  };
}

async function actionsOf(service: string): Promise<readonly string[]> {
  const kinds = await loadKinds([service]);
  return [...new Set(kinds.flatMap((kind) => kind.actions))].toSorted();
}

async function ensurePolicy(
  { iam, sandbox }: DatabaseScene,
  name: string,
  actions: readonly string[],
): Promise<string> {
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam
    .send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: document }))
    .catch((error: unknown) => {
      if (!hasName(error, 'EntityAlreadyExistsException')) throw error;
    });
  return `arn:aws:iam::${sandbox.identity.account}:policy/${name}`;
}
