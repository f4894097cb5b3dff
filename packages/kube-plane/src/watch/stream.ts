// One open watch connection: events as lines of JSON, bookmarks, the time limit, and the limit for slow clients.
import type { ServerResponse } from 'node:http';
import type { Timer } from '@pergola/kernel';
import type { Plane } from '../contract.ts';
import type { ListOptions } from '../request/options.ts';
import type { WatchEvent } from './event-source.ts';
import type { EventWriter } from './event-writer.ts';

const BOOKMARK_EVERY_MS = 60_000;
/** Without a wish of the client a watch lasts between one and two times this, as upstream. */
const DEFAULT_SECONDS = 1800;
/** A client that has this much unread is cut off; it comes back with its last resourceVersion. */
const UNREAD_BYTES_MAX = 16 * 1024 * 1024;

export interface StreamOptions {
  readonly response: ServerResponse;
  readonly plane: Plane;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  readonly options: ListOptions;
  readonly writer: EventWriter;
}

export interface WatchStream {
  send(event: WatchEvent): void;
  /** Sends the annotated bookmark that ends the initial events. */
  endInitialEvents(revision: number): void;
  /** Sends an ERROR event with the Status and closes. */
  fail(status: Record<string, unknown>): void;
  /** Begins bookmarks and the time limit; `stop` runs when the stream ends. */
  started(revision: number, stop: () => void): void;
}

export function openStream({ response, plane, signal, options, writer }: StreamOptions): WatchStream {
  const timers: Timer[] = [];
  let ended = false;
  let stopWatch: (() => void) | undefined;
  let startRevision = 0;
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache, private',
    'Transfer-Encoding': 'chunked',
  });
  response.flushHeaders();

  const finish = () => {
    if (ended) return;
    ended = true;
    for (const timer of timers) timer.cancel();
    stopWatch?.();
    signal.removeEventListener('abort', finish);
    plane.closing.removeEventListener('abort', finish);
    response.end();
  };
  signal.addEventListener('abort', finish, { once: true });
  plane.closing.addEventListener('abort', finish, { once: true });

  const write = (line: string) => {
    if (ended) return;
    response.write(line);
    if (response.writableLength > UNREAD_BYTES_MAX) {
      finish();
      response.destroy();
    }
  };
  const bookmark = () => {
    if (options.allowWatchBookmarks) {
      write(writer.bookmark(Math.max(startRevision, plane.watchProgress()), false));
    }
  };
  const repeatBookmark = () => {
    bookmark();
    timers[0] = plane.clock.after(BOOKMARK_EVERY_MS, repeatBookmark);
  };
  return {
    send: (event) => write(writer.event(event)),
    endInitialEvents: (revision) => write(writer.bookmark(revision, true)),
    fail(status) {
      write(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
      finish();
    },
    started(revision, stop) {
      stopWatch = stop;
      startRevision = revision;
      if (ended) {
        stop();
        return;
      }
      timers[0] = plane.clock.after(BOOKMARK_EVERY_MS, repeatBookmark);
      timers[1] = plane.clock.after(durationMs(plane, options), () => {
        bookmark();
        finish();
      });
    },
  };
}

function durationMs(plane: Plane, options: ListOptions): number {
  const wanted = options.timeoutSeconds ?? 0;
  const seconds = wanted > 0 ? wanted : DEFAULT_SECONDS * (1 + plane.random.fraction());
  return seconds * 1000;
}
