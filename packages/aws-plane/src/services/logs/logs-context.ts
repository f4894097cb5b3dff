// What the operations share while a plane runs: the log store, the tokens of pages.
import { assert } from '@pergola/kernel';
import type { LogStore } from '@pergola/log-store';
import type { PlaneContext } from '../../plane-context.ts';
import { PageTokens } from './page-tokens.ts';
import { allGroups, tokenKey } from './state.ts';

export interface LogsContext {
  /** The events. Groups and streams are in the plane's store. */
  readonly events: LogStore;
  readonly tokens: PageTokens;
}

const opened = new WeakMap<PlaneContext, LogsContext>();
const TOKEN_KEY_BYTES = 32;

/** What was opened for `plane` by `startLogs`. */
export function logsOf(plane: PlaneContext): LogsContext {
  const context = opened.get(plane);
  assert(context, 'CloudWatch Logs has been started');
  return context;
}

/** Opens what stands on the log store; all of it ends with the plane. */
export async function startLogs(plane: PlaneContext, events: LogStore): Promise<void> {
  const { store, clock, random, disposal } = plane;
  disposal.use(events);
  const { value: key } = await store.transact((tx) => tokenKey(tx, random.bytes(TOKEN_KEY_BYTES)));
  await events.retainOnly(new Set(allGroups(store).map((group) => group.key)));
  opened.set(plane, { events, tokens: new PageTokens(key, clock) });
}
