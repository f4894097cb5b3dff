// The Live Tail sessions that are open in a plane: how many an account may have, and their end when the plane stops.
import type { PlaneContext } from '../../../plane-context.ts';
import { faults } from '../faults.ts';
import type { LiveTailSession } from './live-tail-session.ts';

/** Of an account at a time: AWS's quota. */
const SESSIONS_MAX = 15;

export class LiveTailRoom {
  readonly #sessions = new Map<string, Set<LiveTailSession>>();
  readonly #closing: AbortSignal;

  constructor(closing: AbortSignal) {
    this.#closing = closing;
    closing.addEventListener('abort', () => this.#closeAll(), { once: true });
  }

  /** Opens a session. `make` is given what the session calls when it has ended. */
  open(account: string, make: (onEnd: () => void) => LiveTailSession): LiveTailSession {
    const others = this.#sessions.get(account) ?? new Set<LiveTailSession>();
    if (others.size >= SESSIONS_MAX)
      throw faults.limitExceeded(`An account can have ${SESSIONS_MAX} Live Tail sessions at a time.`);
    this.#sessions.set(account, others);
    const session = make(() => others.delete(session));
    others.add(session);
    if (this.#closing.aborted) this.#closeAll();
    return session;
  }

  #closeAll(): void {
    for (const sessions of this.#sessions.values()) {
      for (const session of sessions) void session.return();
    }
  }
}

const rooms = new WeakMap<PlaneContext, LiveTailRoom>();

export function roomOf(plane: PlaneContext): LiveTailRoom {
  let room = rooms.get(plane);
  if (!room) rooms.set(plane, (room = new LiveTailRoom(plane.closing)));
  return room;
}
