// GET with watch=true: where the stream starts, and what its first events are.
import { CompactedError } from '@pergola/store';
import type { Call, Handler, Plane, ResourceDefinition } from '../contract.ts';
import { faults } from '../faults.ts';
import { negotiate } from '../render/accept.ts';
import { tableOptions } from '../render/object-answer.ts';
import { statusObject, toKubeStatus } from '../render/status.ts';
import { assertListOptions } from '../request/list-rules.ts';
import { type ListOptions, listOptionsOf, parseResourceVersion } from '../request/options.ts';
import { filterOf } from '../storage/filter.ts';
import { prefixOf } from '../storage/keys.ts';
import { snapshot } from '../storage/snapshot.ts';
import { entryEvent, eventOf } from './event-source.ts';
import { eventWriter } from './event-writer.ts';
import { openStream, type WatchStream } from './stream.ts';

export const watch: Handler = async (call, definition, plane) => {
  const options = listOptionsOf(call);
  assertListOptions(options, true);
  const resourceVersion = parseResourceVersion(options.resourceVersion);
  const negotiated = negotiate(call.headers.accept);
  if (negotiated.format !== 'json') throw faults.notAcceptable(['application/json']);
  const filter = filterOf(definition, options, call.info.name);
  const writer = eventWriter(definition, negotiated.shape, tableOptions(call, plane));
  return {
    stream: (response) => {
      const stream = openStream({ response, plane, signal: call.signal, options, writer });
      try {
        follow(call, definition, plane, { options, resourceVersion, filter, stream });
      } catch (error) {
        if (!(error instanceof CompactedError)) throw error;
        const expired = faults.expired(`too old resource version: ${error.wanted} (${error.oldest})`);
        stream.fail(statusObject(expired));
      }
    },
  };
};

interface Following {
  readonly options: ListOptions;
  readonly resourceVersion: number | undefined;
  readonly filter: ReturnType<typeof filterOf>;
  readonly stream: WatchStream;
}

function follow(call: Call, definition: ResourceDefinition, plane: Plane, following: Following): void {
  const { options, resourceVersion, filter, stream } = following;
  const prefix = prefixOf(definition, definition.namespaced ? call.info.namespace : '');
  const current = plane.store.revision();
  if (resourceVersion !== undefined && resourceVersion > current) {
    stream.fail(statusObject(faults.tooLargeResourceVersion(resourceVersion, current)));
    return;
  }
  let start = resourceVersion ?? 0;
  if (startsWithState(options, resourceVersion)) {
    const now = snapshot(plane.store, { prefix });
    start = now.revision;
    for (const entry of now.entries) {
      const event = entryEvent(definition, 'ADDED', entry);
      if (filter.everything || filter.matches(event.object())) stream.send(event);
    }
    if (endsWithBookmark(options, resourceVersion)) stream.endInitialEvents(start);
  } else if (resourceVersion === undefined) {
    start = current;
  }
  const stop = plane.store.watch(prefix, start, (changes) => {
    try {
      for (const change of changes) {
        const event = eventOf(definition, filter, change);
        if (event) stream.send(event);
      }
    } catch (error) {
      // Changes are delivered inside the commit of whoever wrote; a fault here must end this watch alone.
      stream.fail(statusObject(toKubeStatus(error, plane.logger, call.path)));
    }
  });
  stream.started(start, stop);
}

/** Upstream also ends the state of a watch without a version so, when bookmarks are wanted. */
function endsWithBookmark(options: ListOptions, resourceVersion: number | undefined): boolean {
  return options.sendInitialEvents ?? (options.allowWatchBookmarks && resourceVersion === undefined);
}

/** Synthetic ADDED events come first for a watch without a version, with version 0, or when asked for. */
function startsWithState(options: ListOptions, resourceVersion: number | undefined): boolean {
  if (options.sendInitialEvents !== undefined) return options.sendInitialEvents;
  return resourceVersion === undefined || resourceVersion === 0;
}
