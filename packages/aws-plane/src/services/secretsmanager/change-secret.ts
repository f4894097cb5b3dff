// Changes of a secret in one transaction, and of the staging labels of its versions.
import type { Transaction } from '@pergola/store';
import type { Call } from '../../call.ts';
import { faults } from './faults.ts';
import { keptSecret } from './secret-names.ts';
import { findSecret, putSecret, putValue, removeValue, type Secret, type Version } from './state.ts';
import type { Sealing } from './sealed-value.ts';

/** Replaces a secret by what `change` makes of it. Throws for one that is not there or being deleted. */
export async function changeSecret(
  call: Call,
  id: string | undefined,
  change: (secret: Secret, tx: Transaction) => Secret,
): Promise<Secret> {
  const before = keptSecret(call, id);
  const { value } = await call.plane.store.transact((tx) => {
    const now = findSecret(tx, before, before.name, call.nowMs);
    if (now?.suffix !== before.suffix) throw faults.noSuchSecret();
    if (now.deletion) throw faults.markedForDeletion();
    return putSecret(tx, change(now, tx));
  });
  return value;
}

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
const MOST_STAGES = 20;
/** Versions without a label that are kept beside those that have one. */
const MOST_DEPRECATED = 100;

/** Adds a version that takes `stages` from whichever had them, and forgets the oldest deprecated ones. */
export function addVersion(
  tx: Transaction,
  secret: Secret,
  version: { readonly id: string; readonly createdMs: number; readonly stages: readonly string[] },
  { value, kmsKeyId }: Sealing,
): Secret {
  putValue(tx, secret, version.id, value);
  const bare = { id: version.id, createdMs: version.createdMs, stages: [], kmsKeyId };
  let versions: readonly Version[] = [...secret.versions, bare];
  for (const stage of version.stages) versions = moveStage(versions, stage, version.id);
  const deprecated = versions.filter(({ stages }) => stages.length === 0);
  const gone = new Set(deprecated.slice(0, -MOST_DEPRECATED).map(({ id }) => id));
  for (const id of gone) removeValue(tx, secret, id);
  return {
    ...secret,
    changedMs: version.createdMs,
    versions: versions.filter(({ id }) => !gone.has(id)),
  };
}

/**
 * Takes a label from the version that has it and gives it to another, or to none. What was current becomes the previous
 * one.
 */
export function moveStage(
  versions: readonly Version[],
  stage: string,
  toId: string | undefined,
): readonly Version[] {
  const from = versions.find(({ stages }) => stages.includes(stage));
  const moved = versions.map((version) => {
    const others = version.stages.filter((one) => one !== stage);
    return { ...version, stages: version.id === toId ? [...others, stage] : others };
  });
  const to = moved.find(({ id }) => id === toId);
  if (to && to.stages.length > MOST_STAGES) throw faults.tooManyStages();
  return stage === CURRENT && from && from.id !== toId ? moveStage(moved, PREVIOUS, from.id) : moved;
}
