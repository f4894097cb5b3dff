// The policy of IAM that the controller's role needs for one service: the actions that its kinds call, and no others.
import { loadKinds } from '../kinds/index.ts';

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const passRole = 'iam:PassRole';

/**
 * One service at a time, because all actions together are longer than a managed policy may be (6,144 characters without
 * white space). `rolesToPass` are ARNs, or patterns of them, of roles that resources may hand to a service; all when empty.
 * Rejects with Error for a service that is not among `serviceNames()`.
 */
export async function controllerPolicy(
  service: string,
  rolesToPass: readonly string[] = [],
): Promise<PolicyDocument> {
  const kinds = await loadKinds([service]);
  const actions = [...new Set(kinds.flatMap((kind) => kind.actions))].toSorted();
  const sid = `Ack${service.charAt(0).toUpperCase()}${service.slice(1)}`;
  const calls = actions.filter((action) => action !== passRole);
  const statements: PolicyStatement[] = [{ Sid: sid, Effect: 'Allow', Action: calls, Resource: '*' }];
  if (actions.includes(passRole)) {
    const roles = rolesToPass.length === 0 ? '*' : rolesToPass;
    statements.push({ Sid: `${sid}PassRole`, Effect: 'Allow', Action: passRole, Resource: roles });
  }
  return { Version: '2012-10-17', Statement: statements };
}
