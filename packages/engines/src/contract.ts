// What the services of the plane know of engines: real servers that listen on loopback and keep their data in a folder.

/** Where an engine listens. */
export interface EnginePlace {
  /** A loopback address. Each engine has one of its own where the system allows it, so that all may keep their port. */
  readonly host: string;
  readonly port: number;
}

/** Thrown when this machine cannot run what was asked for. */
export class EngineMissingError extends Error {
  override readonly name = 'EngineMissingError';
  /** What to install, e.g. `mariadb-server`; undefined when nothing helps. */
  readonly debianPackage: string | undefined;

  constructor(message: string, debianPackage?: string) {
    super(message);
    this.debianPackage = debianPackage;
  }
}

/** A kind of engine and a version that can run here. */
export interface EngineVersion {
  /** `postgres`, `mysql`, `mariadb`, `redis`, `valkey`, `memcached`. */
  readonly engine: string;
  /** As RDS and ElastiCache name it, e.g. `14.23`, `7.1`. */
  readonly version: string;
  readonly isDefault: boolean;
}

/** Answers whether a token may log in as `user`; `because` goes to the server's log, never to the client. */
export type TokenCheck = (login: {
  readonly user: string;
  readonly token: string;
}) => Promise<{ readonly allowed: boolean; readonly because: string }>;

/** A server that runs, or could run. All methods reject with an Error that says what the server said. */
export interface Engine {
  readonly id: string;
  readonly place: EnginePlace;
  readonly isRunning: boolean;
  /** Resolves when it accepts connections. */
  start(): Promise<void>;
  /** Ends connections and the server, in order; data stays. */
  stop(): Promise<void>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
  /** Bytes on disk. */
  sizeBytes(): Promise<number>;
}

export interface DatabaseSettings {
  /** Unique and stable; names the folder. */
  readonly id: string;
  readonly engine: 'postgres' | 'mysql' | 'mariadb';
  /** A major version or a full one. */
  readonly version: string;
  /** The port that is wanted; `place` tells the one that was got. */
  readonly port: number;
  readonly master: { readonly user: string; readonly password: string };
  /** Made at creation. */
  readonly database?: string | undefined;
  /** Parameters of the engine that differ from its defaults. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface DatabaseEngine extends Engine {
  setMasterPassword(password: string): Promise<void>;
  /** Applies what can be applied at once; names what waits for the next start. */
  setParameters(
    parameters: Readonly<Record<string, string>>,
  ): Promise<{ readonly waiting: readonly string[] }>;
  /** Logins by IAM token for users that have the role `rds_iam`, or none with undefined. */
  setTokenCheck(check: TokenCheck | undefined): Promise<void>;
  setPort(port: number): Promise<void>;
  /** A consistent copy of the data under `snapshotId`, while it runs or not. */
  snapshot(snapshotId: string): Promise<void>;
}

export interface CacheUser {
  readonly name: string;
  readonly enabled: boolean;
  readonly passwords: readonly string[];
  readonly noPassword: boolean;
  /** Redis ACL rules, e.g. `on ~* +@all`. */
  readonly access: string;
  /** Logs in by IAM token instead of a password. */
  readonly byToken?: boolean | undefined;
}

/** A shard of a cache: its nodes hold the same keys. */
export interface CacheShard {
  /** Hash slots when the cache is clustered, e.g. `0-8191` or `0-99,200-300`. */
  readonly slots: string;
  /** Names of the nodes; the first one is the primary. */
  readonly nodes: readonly string[];
}

/** Ways into a cache beside its nodes: they lead to the primary, to the replicas, and to all nodes of a cluster. */
export type CacheDoor = 'primary' | 'reader' | 'configuration';

/** Who is in front of a cache and what it is made of. */
export interface CacheLayout {
  /** Cluster mode: clients find nodes by slots. */
  readonly clustered: boolean;
  readonly shards: readonly CacheShard[];
  readonly doors: readonly CacheDoor[];
}

export interface CacheSettings {
  readonly id: string;
  readonly engine: 'redis' | 'valkey' | 'memcached';
  readonly version: string;
  readonly port: number;
  /** TLS with a certificate of the engine host: never, for those who want it, or only. */
  readonly tls: 'off' | 'preferred' | 'required';
  /** AUTH tokens (one, or two while one is rotated), and users by ACL. */
  readonly authTokens: readonly string[];
  readonly users: readonly CacheUser[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly layout: CacheLayout;
}

/** A cache with all its nodes. `place` is the first of its doors, or its first node. */
export interface CacheEngine extends Engine {
  /** Where a node or a door listens; undefined while there is no such one. */
  placeOf(name: string): EnginePlace | undefined;
  /** Connections that a change takes the right from are closed, as ElastiCache does for users. */
  setAccess(access: Pick<CacheSettings, 'authTokens' | 'users'>): Promise<void>;
  setTokenCheck(check: TokenCheck | undefined): Promise<void>;
  setParameters(parameters: Readonly<Record<string, string>>): Promise<void>;
  /** Adds and removes nodes, moves slots with their keys, and makes other nodes primary. */
  setLayout(layout: CacheLayout): Promise<void>;
  setTls(tls: CacheSettings['tls']): Promise<void>;
  /** A consistent copy of the data under `snapshotId`, while it runs. Resolves with its size in bytes. */
  snapshot(snapshotId: string): Promise<number>;
}

/** All engines of one sandbox. Disposing stops them; none outlives the process, whatever ends it. */
export interface EngineHost extends AsyncDisposable {
  versions(): readonly EngineVersion[];
  /** Throws EngineMissingError. The engine runs when this resolves. */
  createDatabase(settings: DatabaseSettings): Promise<DatabaseEngine>;
  /**
   * As `createDatabase`, with the data, users and databases of a snapshot. The master password is then set anew, unless it
   * is empty.
   */
  restoreDatabase(settings: DatabaseSettings, snapshotId: string): Promise<DatabaseEngine>;
  createCache(settings: CacheSettings, snapshotId?: string): Promise<CacheEngine>;
  /** Finds again what an earlier process made, stopped; undefined when there is no such data. */
  openDatabase(settings: DatabaseSettings): Promise<DatabaseEngine | undefined>;
  openCache(settings: CacheSettings): Promise<CacheEngine | undefined>;
  removeSnapshot(snapshotId: string): Promise<void>;
  copySnapshot(from: string, to: string): Promise<void>;
}
