// How many files are open at once. A file stays open while there is room, because what is open can still be read after
// it was deleted; beyond that, the one that was not read for the longest time is closed and opened again when needed.
import { OpenFile } from './log-file.ts';

/** Something that holds an open file and can do without it. */
export interface FileHolder {
  /** Whether closing loses nothing: it was read to its end. */
  readonly isDrained: boolean;
  close(): void;
}

export class OpenFiles {
  readonly #max: number;
  readonly #holders = new Set<FileHolder>();

  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#holders.size;
  }

  /** Opens `path` for `holder`, closing others when there are too many. */
  open(path: string, holder: FileHolder): OpenFile {
    if (this.#holders.size >= this.#max) this.#closeOne();
    const file = new OpenFile(path);
    this.#holders.add(holder);
    return file;
  }

  /** `holder` was read: it will be closed later than others. */
  touch(holder: FileHolder): void {
    this.#holders.delete(holder);
    this.#holders.add(holder);
  }

  forget(holder: FileHolder): void {
    this.#holders.delete(holder);
  }

  #closeOne(): void {
    let victim: FileHolder | undefined;
    for (const holder of this.#holders) {
      victim ??= holder;
      if (!holder.isDrained) continue;
      victim = holder;
      break;
    }
    // Where none is drained the oldest is closed all the same: it is found again by its inode.
    victim?.close();
  }
}
