// Finding and changing a key by its id or ARN, as the operations on keys themselves do: they take no aliases.
import type { Call } from '../../call.ts';
import { faults } from './faults.ts';
import { keyArn, namedKey, parseKeyName } from './key-names.ts';
import { findKey, putKey, type StoredKey } from './state.ts';

/** Throws NotFoundException, also for an alias. */
export function keyById(call: Call, text: string): StoredKey {
  const name = parseKeyName(call, text);
  if (name.alias !== undefined) throw faults.invalidKeyId(text);
  const key = namedKey(call, name);
  if (!key) throw faults.noSuchKey(keyArn(name, name.id));
  return key;
}

/** Replaces a key by what `change` makes of it, in one transaction. */
export async function changeKey(
  call: Call,
  text: string,
  change: (key: StoredKey) => StoredKey,
): Promise<StoredKey> {
  const before = keyById(call, text);
  const { value } = await call.plane.store.transact((tx) => {
    const key = findKey(tx, before, before.id, call.nowMs);
    if (!key) throw faults.noSuchKey(keyArn(before, before.id));
    return putKey(tx, change(key));
  });
  return value;
}

/** Throws when the key cannot be changed because it is pending deletion. */
export function assertKept(key: StoredKey): StoredKey {
  if (key.deletion) throw faults.pendingDeletion(keyArn(key, key.id));
  return key;
}

/** Throws unless the key can encrypt and decrypt. */
export function assertUsable(key: StoredKey): StoredKey {
  assertKept(key);
  if (!key.enabled) throw faults.disabled(keyArn(key, key.id));
  return key;
}
