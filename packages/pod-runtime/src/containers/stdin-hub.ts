// A running container's own streams, shared by those who attach: its input goes to the process, its output
// is seen live by everyone attached (and stands in the log all the same).
import type { RunningProcess } from '../isolation/isolation.ts';
import type { Container } from '../pod.ts';

export type AttachListener = (stream: 'stdout' | 'stderr', chunk: Buffer) => void;

export class StdinHub {
  readonly #process: RunningProcess;
  readonly #container: Container;
  readonly #listeners = new Set<AttachListener>();

  constructor(process: RunningProcess, container: Container) {
    this.#process = process;
    this.#container = container;
  }

  /** Sends bytes to the container's input; nothing when it has none. */
  write(chunk: Buffer): void {
    this.#process.stdin?.write(chunk);
  }

  /** The client's input ended. Only `stdinOnce` closes the container's. */
  end(): void {
    if (this.#container.stdinOnce) this.#process.stdin?.end();
  }

  /** Hears the output from now on. Returns how to stop. */
  listen(listener: AttachListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The process wrote something. */
  tell(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    for (const listener of this.#listeners) listener(stream, chunk);
  }
}
