// With whose credentials, in which region and at which endpoint AWS is called. Region and account of a resource that
// exists never change.
import type { StepResult } from '@pergola/controller-kit';
import { chooseRole, ownerOfRole } from '../aws/account-roles.ts';
import type { Caller } from '../aws/aws-access.ts';
import { TerminalFault } from '../faults.ts';
import { conditionTypes } from '../names.ts';
import type { Run } from '../run.ts';

export async function openSession(run: Run): Promise<StepResult> {
  const { aws, lookup } = run.context;
  const { account, team, endpoint } = run.settings;
  const region = regionOf(run);
  const own = await aws.caller();
  const question = { kind: run.kind, object: run.object, account, team, ownAccount: own.account };
  const role = await chooseRole(lookup, question, run.dependencies);
  if (role?.selector) {
    const { name, version } = role.selector;
    run.conditions.set(conditionTypes.roleSelected, 'True', {
      reason: 'Selected',
      message: `roleARN: ${role.arn}, selectorName: ${name}, selectorResourceVersion: ${version}`,
    });
  }
  const caller = role === undefined ? own : ownerOfRole(role.arn);
  assertPinned(run, caller, region);
  run.belongTo(caller, region);
  run.call = aws.callFor(run.kind, { region, endpoint, roleArn: role?.arn }, (operation, error) =>
    run.calls.push({ operation, error }),
  );
  return undefined;
}

/** Where a resource that goes is, whatever is wished for by now. */
function regionOf(run: Run): string {
  const pinned = run.metadata['region'];
  return run.isBeingDeleted && typeof pinned === 'string' ? pinned : run.settings.region;
}

function assertPinned(run: Run, caller: Caller, region: string): void {
  if (!run.isManaged) return;
  const pinnedRegion = run.metadata['region'];
  if (typeof pinnedRegion === 'string' && pinnedRegion !== region) {
    throw new TerminalFault(
      `the resource is in region ${pinnedRegion}, which cannot become ${region}: delete it and create it anew`,
    );
  }
  const pinnedAccount = run.metadata['ownerAccountID'];
  if (typeof pinnedAccount === 'string' && pinnedAccount !== '' && pinnedAccount !== caller.account) {
    throw new TerminalFault(
      `the resource is in account ${pinnedAccount}, which cannot become ${caller.account}: delete it and create it anew`,
    );
  }
}
