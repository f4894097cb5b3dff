// The few things that the store asks of the file system, so that a test can put a failing disk in its place.
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that is being written. */
export interface WritableFile {
  /** Writes all of `parts` from `position` on. */
  write(parts: readonly Buffer[], position: number): Promise<void>;
  /** Resolves when the disk has what was written. */
  sync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

export interface Disk {
  /** Opens `path` for writing, mode 0600; creates it when absent. */
  openFile(path: string): Promise<WritableFile>;
  /** Resolves when the names in folder `path` are on the disk. */
  syncFolder(path: string): Promise<void>;
}

export const realDisk: Disk = {
  async openFile(path) {
    return new OpenFile(await open(path, 'a', 0o600).then(reopen(path)));
  },
  syncFolder,
};

/** A disk that never waits: for stores that need not outlive the machine. */
export const hastyDisk: Disk = {
  async openFile(path) {
    const file = await realDisk.openFile(path);
    return { ...bound(file), sync: () => Promise.resolve() };
  },
  syncFolder: () => Promise.resolve(),
};

/** Appending mode creates without truncating; writing at a position needs another. */
function reopen(path: string) {
  return async (created: FileHandle): Promise<FileHandle> => {
    await created.close();
    return open(path, 'r+');
  };
}

function bound(file: WritableFile): WritableFile {
  return {
    write: (parts, position) => file.write(parts, position),
    sync: () => file.sync(),
    truncate: (sizeBytes) => file.truncate(sizeBytes),
    close: () => file.close(),
  };
}

class OpenFile implements WritableFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(parts: readonly Buffer[], position: number): Promise<void> {
    const total = parts.reduce((sum, part) => sum + part.length, 0);
    const { bytesWritten } = await this.#handle.writev(parts, position);
    if (bytesWritten === total) return;
    const rest = Buffer.concat(parts).subarray(bytesWritten);
    for (let done = 0; done < rest.length; ) {
      const written = await this.#handle.write(
        rest,
        done,
        rest.length - done,
        position + bytesWritten + done,
      );
      done += written.bytesWritten;
    }
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  truncate(sizeBytes: number): Promise<void> {
    return this.#handle.truncate(sizeBytes);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Puts `bytes` at `path` so that either the old file or the whole new one is there, whatever happens. */
export async function replaceFile(disk: Disk, path: string, parts: readonly Buffer[]): Promise<void> {
  const temporary = `${path}.new`;
  const file = await disk.openFile(temporary);
  try {
    await file.truncate(0);
    await file.write(parts, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await disk.syncFolder(dirname(path));
}
