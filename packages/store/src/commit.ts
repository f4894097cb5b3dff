// Commits that fail: a full disk must be an error of the transactions that it is about, and nothing else.

/**
 * LMDB's own batches of an event turn have a promise that nobody can reach; when the disk is full it is rejected, and
 * that would end the process. Transactions of one turn share a commit without them too.
 */
export const eachForItself = { eventTurnBatching: false } as const;

/** Resolves when the commit is done; rejects with what LMDB says of it, e.g. `No space left on device`. */
export async function committed(commit: Promise<unknown>): Promise<void> {
  try {
    await commit;
  } catch (error) {
    throw await causeOf(error);
  }
}

/** LMDB's error has its reason as a promise that rejects with it. */
async function causeOf(error: unknown): Promise<unknown> {
  try {
    if (error instanceof Error && 'commitError' in error) await error.commitError;
  } catch (cause) {
    return cause;
  }
  return error;
}
