// Starting several things at once, of which any may fail.

/**
 * Promise.all, but a failure waits for the other tasks too: what they open is then registered with the Disposal
 * before its clean-up runs.
 */
export async function together<T extends readonly unknown[]>(
  tasks: readonly [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}
