// Telling the caches of user groups who may log in now.
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { cachesUsing } from '../caches/cache-list.ts';
import { atOf, cachesOf } from '../caches/runtime.ts';
import { accessOf } from '../caches/settings.ts';
import type { StoredUserGroup } from '../records.ts';

/** Resolves when it is in force. */
export async function tellCachesOf(
  call: Call,
  groups: readonly Pick<StoredUserGroup, 'name'>[],
): Promise<void> {
  const home = homeOf(call);
  const { store } = call.plane;
  const names = new Set(groups.map(({ name }) => name));
  const caches = cachesUsing(store, home, (cache) => cache.userGroups.some((name) => names.has(name)));
  const told = caches.map((cache) =>
    cachesOf(call.plane).tell(atOf(home, cache), (engine, now) =>
      engine.setAccess(accessOf(store, home, now)),
    ),
  );
  await Promise.all(told);
}
