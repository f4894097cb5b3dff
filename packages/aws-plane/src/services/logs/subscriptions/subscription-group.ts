// Copies events into a group: one for each, with its own time, into the stream of the same name.
import type { LogStore, StoredEvent } from '@pergola/log-store';
import type { PlaneContext } from '../../../plane-context.ts';
import type { GroupName } from '../arn.ts';
import { groupAt } from '../groups.ts';
import { deleteChild, findChild, type LogGroup, putChild, refOf } from '../state.ts';

/** Appends `events`, which are of one stream. Rejects with ResourceNotFoundException when the group has gone. */
export async function copyInto(
  { plane, events: log }: { readonly plane: PlaneContext; readonly events: LogStore },
  at: GroupName,
  events: readonly StoredEvent[],
): Promise<void> {
  const stream = events[0]?.stream ?? '';
  const group = await openStream(plane, log, { at, stream });
  const copies = events.map(({ timestampMs, message }) => ({ timestampMs, message }));
  await log.append(refOf(group), stream, copies, plane.clock.nowMs());
}

/** Makes the stream if it is not there, as CreateLogStream does: without what a stream of that name has left. */
async function openStream(
  { store, clock }: PlaneContext,
  log: LogStore,
  { at, stream }: { readonly at: GroupName; readonly stream: string },
): Promise<LogGroup> {
  const group = groupAt(store, at);
  if (findChild(store, group, 'stream', stream)) return group;
  if (findChild(store, group, 'deleted-stream', stream)) await log.deleteStream(refOf(group), stream);
  const { value } = await store.transact((tx) => {
    const found = groupAt(tx, at);
    if (!findChild(tx, found, 'stream', stream))
      putChild(tx, found, 'stream', { name: stream, createdMs: clock.nowMs() });
    if (findChild(tx, found, 'deleted-stream', stream)) deleteChild(tx, found, 'deleted-stream', stream);
    return found;
  });
  return value;
}
