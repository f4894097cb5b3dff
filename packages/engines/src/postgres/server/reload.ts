// New settings for a running server.
import { eventually } from '../../process/eventually.ts';
import { administer, type Administration } from './administration.ts';

const LIMIT_MS = 10_000;

/** Has the server read its files again; resolves, when it has, with the parameters that wait for the next start. */
export async function reload(server: Administration): Promise<string[]> {
  const before = await administer(server, 'postgres', async (query) => {
    const [row] = await query('SELECT pg_conf_load_time()::text AS at');
    await query('SELECT pg_reload_conf()');
    return row?.['at'];
  });
  // Each new session is told what the server itself knows by then.
  const waiting = await eventually(
    () =>
      administer(server, 'postgres', async (query) => {
        const [row] = await query('SELECT pg_conf_load_time()::text AS at');
        if (row?.['at'] === before) return undefined;
        const rows = await query('SELECT name FROM pg_settings WHERE pending_restart ORDER BY name');
        return rows.map(({ name }) => String(name));
      }),
    { limitMs: LIMIT_MS, everyMs: 5 },
  );
  if (waiting === undefined) throw new Error('the server has not read its settings again');
  return waiting;
}
