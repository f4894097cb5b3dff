// The controller's role: what its kinds of resources call, and nothing else.
import { CreatePolicyCommand } from '@aws-sdk/client-iam';
import { controllerPolicy, type PolicyDocument, serviceNames } from '@pergola/ack';
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
    const policy = await controllerPolicy(service);
    const policyArn = await ensurePolicy(scene, `${names.policy}-${service}`, policy);
    await ensureRole(iam, { name: names.role, account, provider, subject, policyArn });
    granted.push(`${service} ${policy.Statement.flatMap(({ Action }) => Action).length}`);
  }
  await liftDenial(scene);
  return {
    seen: `role ${names.role} trusts ${subject}`,
    details: [
      `it may do what the controller's kinds of resources call, and nothing else: ${granted.join(', ')}`,
    ],
  };
}

async function ensurePolicy(
  { iam, sandbox }: DatabaseScene,
  name: string,
  policy: PolicyDocument,
): Promise<string> {
  await iam
    .send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: JSON.stringify(policy) }))
    .catch((error: unknown) => {
      if (!hasName(error, 'EntityAlreadyExistsException')) throw error;
    });
  return `arn:aws:iam::${sandbox.identity.account}:policy/${name}`;
}
