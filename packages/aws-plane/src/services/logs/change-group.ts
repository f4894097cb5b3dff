// How an operation changes what is known of a group.
import type { Call } from '../../call.ts';
import type { GroupName } from './arn.ts';
import { groupAt } from './groups.ts';
import { type LogGroup, putGroup } from './state.ts';

/** Replaces the group's record by what `change` makes of it, in one transaction. Returns the new record. */
export async function changeGroup(
  { plane }: Call,
  at: GroupName,
  change: (group: LogGroup) => LogGroup,
): Promise<LogGroup> {
  const { value } = await plane.store.transact((tx) => {
    const changed = change(groupAt(tx, at));
    putGroup(tx, changed);
    return changed;
  });
  return value;
}
