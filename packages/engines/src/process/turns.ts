// One after another: the changes of one engine never overlap.

/** Returns a function that runs tasks in the order of its calls, each when the one before has ended. */
export function turns(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task);
    last = result.catch(() => {}); // NOTE: whoever gave the task hears of it.
    return result;
  };
}
