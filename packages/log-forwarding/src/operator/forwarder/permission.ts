// Asking the cluster whether a ServiceAccount may collect what its forwarder forwards.
import type { LogType } from '../permissions.ts';
import { goQuotedList } from '../validate/findings.ts';
import type { ForwarderRun } from './run.ts';

/** Undefined when all is allowed, else the original's message. */
export async function permissionProblem(
  { names, cluster }: Pick<ForwarderRun, 'names' | 'cluster'>,
  types: readonly LogType[],
): Promise<string | undefined> {
  const user = `system:serviceaccount:${names.namespace}:${names.serviceAccount}`;
  const answers = await Promise.all(types.map((type) => cluster.mayCollect(user, type)));
  const denied = types.filter((_, index) => !answers[index]);
  if (denied.length === 0) return undefined;
  return `insufficient permissions on service account, not authorized to collect ${goQuotedList(denied)} logs`;
}
