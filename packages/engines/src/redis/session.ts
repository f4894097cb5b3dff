// What a command sees: the connection that sent it, and the node that it came to.
import type { Clock } from '@pergola/kernel';
import type { Acl } from './acl/acl.ts';
import type { AclUser } from './acl/user.ts';
import type { Dataset, Watcher } from './data/dataset.ts';
import type { Keyspace } from './data/keyspace.ts';
import type { PubSub } from './server/pub-sub.ts';
import type { Reply } from './resp/reply.ts';
import type { RespVersion } from './resp/writer.ts';

/** A node of a clustered cache, as other nodes know it. */
export interface ClusterNode {
  /** 40 hexadecimal digits. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly isPrimary: boolean;
}

export interface ClusterShard {
  readonly id: string;
  /** First and last slots. */
  readonly slots: readonly (readonly [number, number])[];
  /** The primary first. */
  readonly nodes: readonly ClusterNode[];
}

export interface Cluster {
  readonly epoch: number;
  readonly shards: readonly ClusterShard[];
  shardOf(slot: number): ClusterShard | undefined;
}

export interface NodeStatistics {
  connections: number;
  commands: number;
  hits: number;
  misses: number;
  readonly startedMs: number;
}

export interface NodeView {
  readonly name: string;
  readonly clusterId: string;
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly engine: 'redis' | 'valkey';
  readonly clock: Clock;
  readonly fraction: () => number;
  readonly hex: (length: number) => string;
  readonly acl: Acl;
  readonly pubSub: PubSub<Session>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly databases: number;
  readonly statistics: NodeStatistics;
  /** Only in cluster mode. */
  readonly cluster: Cluster | undefined;
  readonly isReplica: boolean;
  /** The other nodes of the shard, or the primary of a replica. */
  readonly peers: readonly ClusterNode[];
  /** While a copy of the data is made, commands wait for its end. */
  readonly frozen: Promise<void> | undefined;
  sessions(): Iterable<Session>;
  /** Makes room for a write; false when memory is full. */
  makeRoom(): boolean;
  /** Tells of a failure that is no fault of the client's. */
  report(error: unknown): void;
}

export interface Transaction {
  readonly calls: string[][];
  /** A command could not be queued: EXEC then does nothing. */
  failed: boolean;
}

export interface Session {
  readonly id: number;
  readonly node: NodeView;
  readonly dataset: Dataset;
  /** The database that is selected. */
  space: Keyspace;
  version: RespVersion;
  /** Undefined before login. */
  user: AclUser | undefined;
  name: string;
  libraryName: string;
  libraryVersion: string;
  transaction: Transaction | undefined;
  readonly watcher: Watcher;
  readonly watched: Map<string, Keyspace>;
  readonly channels: Set<string>;
  readonly patterns: Set<string>;
  readonly shardChannels: Set<string>;
  /** Reads from a replica of a cluster are wanted. */
  readsReplica: boolean;
  /** True while EXEC runs the queue: nothing waits then. */
  isInExec: boolean;
  /** CLIENT REPLY: which answers are wanted. */
  replies: 'on' | 'off' | 'skip-next' | 'skip';
  readonly openedMs: number;
  usedMs: number;
  lastCommand: string;
  readonly address: string;
  readonly localAddress: string;
  isBlocked: boolean;
  /** Runs one command of a transaction. */
  runQueued(args: string[]): Reply;
  /** Ends the wait of a blocked client, with an error when `asError`. */
  unblock(asError: boolean): boolean;
  /** Sends what was not asked for. */
  push(reply: Reply): void;
  /** Ends the connection after the answers that are on their way. */
  close(): void;
}

export function forgetWatched(session: Session): void {
  for (const [name, space] of session.watched) {
    session.dataset.unwatch(space, name.slice(name.indexOf(':') + 1), session.watcher);
  }
  session.watched.clear();
  session.watcher.dirty = false;
}
