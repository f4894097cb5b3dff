// What the operations share while a plane runs: the log store, the queries, the tokens of pages.
import { join } from 'node:path';
import { assert } from '@pergola/kernel';
import { type LogStore, openLogStore } from '@pergola/log-store';
import type { PlaneContext } from '../../plane-context.ts';
import { ExportRunner } from './exports/export-runner.ts';
import { PageTokens } from './page-tokens.ts';
import { QueryRuns } from './queries/query-runs.ts';
import { allGroups, tokenKey } from './state.ts';

export interface LogsContext {
  /** The events. Groups and streams are in the plane's store. */
  readonly events: LogStore;
  readonly tokens: PageTokens;
  readonly queries: QueryRuns;
  readonly exports: ExportRunner;
}

const opened = new WeakMap<PlaneContext, LogsContext>();
const TOKEN_KEY_BYTES = 32;

/** What was opened for `plane` by `startLogs`. */
export function logsOf(plane: PlaneContext): LogsContext {
  const context = opened.get(plane);
  assert(context, 'CloudWatch Logs has been started');
  return context;
}

/** Opens the log store and what stands on it; all of it ends with the plane. */
export async function startLogs(plane: PlaneContext): Promise<void> {
  const { store, clock, random, logger, disposal, dataDir } = plane;
  const { durability } = store;
  const events = disposal.use(
    await openLogStore({ path: join(dataDir, 'logs'), durability, clock, random, logger }),
  );
  const { value: key } = await store.transact((tx) => tokenKey(tx, random.bytes(TOKEN_KEY_BYTES)));
  await events.retainOnly(new Set(allGroups(store).map((group) => group.key)));
  const onFailure = (error: unknown, id: string) =>
    plane.logger.error({ error, query: id }, 'a query failed');
  const queries = new QueryRuns({ events, clock, onFailure });
  disposal.defer(() => queries.close());
  const exports = new ExportRunner(plane, events);
  disposal.defer(() => exports.close());
  opened.set(plane, { events, tokens: new PageTokens(key, clock), queries, exports });
  exports.resume();
}
