// Long work in slices: caches live in a process with everything else, which is to go on meanwhile.
import { systemClock } from '@pergola/kernel';

/** How long work may go on before others have their turn. */
const SLICE_MS = 8;

/** Tells when a slice has been used up. */
export class Slice {
  #untilMs = systemClock.monotonicMs() + SLICE_MS;

  get isOver(): boolean {
    return systemClock.monotonicMs() >= this.#untilMs;
  }

  renew(): void {
    this.#untilMs = systemClock.monotonicMs() + SLICE_MS;
  }
}

/** Lets others have their turn, when the slice is over. */
export async function breathe(slice: Slice): Promise<void> {
  if (!slice.isOver) return;
  await systemClock.sleep(0);
  slice.renew();
}

/** Runs `task` when others have had their turn. */
export function soon(task: () => void): void {
  systemClock.after(0, task);
}
