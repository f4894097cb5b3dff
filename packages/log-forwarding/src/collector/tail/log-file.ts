// One file of a log: who it is, however it is called by now, and its bytes.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const fingerprintBytesMax = 256;

/** What tells a file from others over renames and restarts: inodes are used again, so its first bytes count too. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  /** CRC-32 of the first `fingerprintBytes` bytes. */
  readonly fingerprint: number;
  readonly fingerprintBytes: number;
}

export interface FileState {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
}

/** The state of what stands at `path`, links followed; undefined when there is no regular file. */
export function fileStateAt(path: string): FileState | undefined {
  try {
    const state = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!state?.isFile()) return undefined;
    return { dev: state.dev, ino: state.ino, sizeBytes: Number(state.size), mtimeNs: state.mtimeNs };
  } catch {
    // No permission, or a loop of links: not a file that can be read.
    return undefined;
  }
}

export function isSameFile(
  left: { readonly dev: bigint; readonly ino: bigint },
  right: { readonly dev: bigint; readonly ino: bigint },
): boolean {
  return left.ino === right.ino && left.dev === right.dev;
}

/** An open file. Reads are positional; nothing is remembered but the descriptor. */
export class OpenFile {
  readonly #fd: number;
  #closed = false;

  /** Throws what `open` throws. */
  constructor(path: string) {
    this.#fd = openSync(path, 'r');
  }

  get state(): FileState {
    const state = fstatSync(this.#fd, { bigint: true });
    return { dev: state.dev, ino: state.ino, sizeBytes: Number(state.size), mtimeNs: state.mtimeNs };
  }

  /** Fills `target` from `offset`. Bytes read, 0 at the end. */
  read(target: Buffer, offset: number): number {
    return readSync(this.#fd, target, 0, target.length, offset);
  }

  /** The identity by the first bytes there are now, or by as many as `sizeBytes` says. */
  identity(sizeBytes = fingerprintBytesMax): FileIdentity {
    const { dev, ino } = this.state;
    const head = Buffer.alloc(Math.min(sizeBytes, fingerprintBytesMax));
    const fingerprintBytes = readSync(this.#fd, head, 0, head.length, 0);
    return { dev, ino, fingerprint: crc32(head.subarray(0, fingerprintBytes)), fingerprintBytes };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }
}

/** Whether the file at `path` is the one that was known as `identity`. */
export function hasIdentity(path: string, identity: FileIdentity): boolean {
  const state = fileStateAt(path);
  if (!state || !isSameFile(state, identity) || state.sizeBytes < identity.fingerprintBytes) return false;
  if (identity.fingerprintBytes === 0) return true;
  let file: OpenFile | undefined;
  try {
    file = new OpenFile(path);
    return file.identity(identity.fingerprintBytes).fingerprint === identity.fingerprint;
  } catch {
    // Gone since the look: then it is not the one.
    return false;
  } finally {
    file?.close();
  }
}
