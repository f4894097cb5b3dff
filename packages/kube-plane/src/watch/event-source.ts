// From changes in the store to watch events: what a filter saw before and sees now decides the event's type.
import type { Change, Entry } from '@pergola/store';
import type { ResourceDefinition } from '../contract.ts';
import type { KubeObject } from '../object.ts';
import type { ObjectFilter } from '../storage/filter.ts';
import { decodeStored, deletedObject, servedText } from '../storage/objects.ts';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** An event whose object is parsed only if somebody asks. */
export interface WatchEvent {
  readonly type: EventType;
  readonly text: () => string;
  readonly object: () => KubeObject;
}

/** Undefined when the watcher neither saw the object before nor sees it now. */
export function eventOf(
  definition: ResourceDefinition,
  filter: ObjectFilter,
  change: Change,
): WatchEvent | undefined {
  const sees = seen(definition, filter, change.entry);
  const saw = seen(definition, filter, change.previous);
  if (change.entry && sees) return entryEvent(definition, saw ? 'MODIFIED' : 'ADDED', change.entry);
  if (!saw || !change.previous) return undefined;
  // Upstream sends the state that left the selection with its last selected content.
  const gone = change.previous;
  const object = () => deletedObject(definition, gone, change.revision);
  return { type: 'DELETED', object, text: () => JSON.stringify(object()) };
}

/** The event of a stored object as it is. */
export function entryEvent(definition: ResourceDefinition, type: EventType, entry: Entry): WatchEvent {
  return {
    type,
    text: () => servedText(definition, entry.value),
    object: () => decodeStored(definition, entry.value),
  };
}

function seen(definition: ResourceDefinition, filter: ObjectFilter, entry: Entry | undefined): boolean {
  if (!entry) return false;
  return filter.everything || filter.matches(decodeStored(definition, entry.value));
}
