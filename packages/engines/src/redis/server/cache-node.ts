// One way into a cache: a listener on an address of its own, in the role of a node or of a door.
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Clock } from '@pergola/kernel';
import type { EnginePlace } from '../../contract.ts';
import type { Acl } from '../acl/acl.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Cluster, ClusterNode, NodeStatistics, NodeView, Session } from '../session.ts';
import { Connection } from './connection.ts';
import type { PubSub } from './pub-sub.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What all nodes of a cache have in common. */
export interface CacheCommons {
  readonly clock: Clock;
  readonly fraction: () => number;
  readonly hex: (length: number) => string;
  readonly version: string;
  readonly engine: 'redis' | 'valkey';
  readonly acl: Acl;
  readonly pubSub: PubSub<Session>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly databases: number;
  readonly nextSessionId: () => number;
  readonly sessions: () => Iterable<Session>;
  readonly frozen: () => Promise<void> | undefined;
  makeRoom(dataset: Dataset): boolean;
  report(error: unknown): void;
}

/** What a node is at present. */
export interface NodeRole {
  readonly dataset: Dataset;
  readonly clusterId: string;
  readonly isReplica: boolean;
  readonly peers: readonly ClusterNode[];
  readonly cluster: Cluster | undefined;
}

export interface Encryption {
  readonly mode: 'off' | 'preferred' | 'required';
  readonly certificate?: Certificate | undefined;
}

const TLS_HANDSHAKE = 0x16;
const HANDSHAKE_MS = 10_000;

export class CacheNode implements NodeView {
  readonly name: string;
  readonly place: EnginePlace;
  readonly commons: CacheCommons;
  readonly statistics: NodeStatistics;
  readonly connections = new Set<Connection>();
  #role: NodeRole;
  #servers: Server[] = [];

  constructor(name: string, place: EnginePlace, commons: CacheCommons, role: NodeRole) {
    this.name = name;
    this.place = place;
    this.commons = commons;
    this.#role = role;
    this.statistics = { connections: 0, commands: 0, hits: 0, misses: 0, startedMs: commons.clock.nowMs() };
  }

  get host(): string {
    return this.place.host;
  }
  get port(): number {
    return this.place.port;
  }
  get clock(): Clock {
    return this.commons.clock;
  }
  get fraction(): () => number {
    return this.commons.fraction;
  }
  get hex(): (length: number) => string {
    return this.commons.hex;
  }
  get version(): string {
    return this.commons.version;
  }
  get engine(): 'redis' | 'valkey' {
    return this.commons.engine;
  }
  get acl(): Acl {
    return this.commons.acl;
  }
  get pubSub(): PubSub<Session> {
    return this.commons.pubSub;
  }
  get parameters(): ReadonlyMap<string, string> {
    return this.commons.parameters;
  }
  get databases(): number {
    return this.#role.cluster ? 1 : this.commons.databases;
  }
  get clusterId(): string {
    return this.#role.clusterId;
  }
  get isReplica(): boolean {
    return this.#role.isReplica;
  }
  get peers(): readonly ClusterNode[] {
    return this.#role.peers;
  }
  get cluster(): Cluster | undefined {
    return this.#role.cluster;
  }

  get frozen(): Promise<void> | undefined {
    return this.commons.frozen();
  }

  sessions(): Iterable<Session> {
    return this.commons.sessions();
  }

  makeRoom(): boolean {
    return this.commons.makeRoom(this.#role.dataset);
  }

  report(error: unknown): void {
    this.commons.report(error);
  }

  /** Clients stay when the data is the same; those who wait are let go when the node becomes a replica. */
  become(role: NodeRole): void {
    const before = this.#role;
    this.#role = role;
    for (const connection of this.connections) {
      if (before.dataset !== role.dataset) connection.destroy();
      else if (role.isReplica && !before.isReplica) connection.dropBlocked();
    }
  }

  async listen(encryption: Encryption): Promise<void> {
    const server = this.#serverFor(encryption);
    this.#servers = [server];
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.host, port: this.port, exclusive: true }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    server.unref();
  }

  #serverFor({ mode, certificate }: Encryption): Server {
    if (mode === 'off') return createServer((socket) => this.#accept(socket));
    if (!certificate) throw new Error(`no certificate for cache node ${this.name}`);
    const options = { ...certificate, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS } as const;
    const secure = createTlsServer(options, (socket: TLSSocket) => this.#accept(socket));
    secure.on('tlsClientError', (_, socket) => socket.destroy());
    if (mode === 'required') return secure;
    return createServer((socket) => this.#acceptEither(socket, secure));
  }

  /** The first byte tells whether a client begins with TLS. */
  #acceptEither(socket: Socket, secure: Server): void {
    socket.on('error', () => socket.destroy());
    const timer = this.clock.after(HANDSHAKE_MS, () => socket.destroy());
    socket.once('close', () => timer.cancel());
    socket.once('data', (chunk: Buffer) => {
      timer.cancel();
      socket.pause();
      socket.unshift(chunk);
      // TLS reads what was put back itself.
      if (chunk[0] === TLS_HANDSHAKE) secure.emit('connection', socket);
      else {
        this.#accept(socket);
        socket.resume();
      }
    });
  }

  #accept(socket: Socket): void {
    socket.unref();
    const limit = Number(this.parameters.get('maxclients') ?? '65000');
    if (this.connections.size >= limit) {
      socket.on('error', () => socket.destroy());
      socket.end('-ERR max number of clients reached\r\n');
      return;
    }
    this.statistics.connections++;
    const connection = new Connection(socket, {
      id: this.commons.nextSessionId(),
      node: this,
      dataset: this.#role.dataset,
      onClose: (closed) => this.connections.delete(closed),
    });
    this.connections.add(connection);
  }

  /** Ends all connections and stops listening. */
  async close(): Promise<void> {
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    this.#servers = [];
    for (const connection of this.connections) connection.destroy();
    await Promise.all(closed);
  }
}
