// A door in front of a server: it takes connections at one place and hands their bytes on to wherever the server is now.
import { createServer, connect, type NetConnectOpts, type Server, type Socket } from 'node:net';
import type { EnginePlace } from '../../contract.ts';

export class Door {
  #target: NetConnectOpts;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: NetConnectOpts) {
    this.#target = target;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async open(place: EnginePlace, target: NetConnectOpts): Promise<Door> {
    const door = new Door(target);
    const server = door.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ ...place, exclusive: true }, () => resolve());
    });
    server.unref();
    return door;
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  /** Connections to where it led before are ended, so that clients come again. */
  leadTo(target: NetConnectOpts): void {
    if (JSON.stringify(target) === JSON.stringify(this.#target)) return;
    this.#target = target;
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(client: Socket): void {
    const server = connect(this.#target);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.unref();
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
