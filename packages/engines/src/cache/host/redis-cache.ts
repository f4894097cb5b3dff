// A cache of one shard by servers of the host: a process for each node, doors of ours that lead to them.
import { createHash } from 'node:crypto';
import { chown, copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CacheEngine, CacheLayout, CacheSettings, EnginePlace } from '../../contract.ts';
import { folderBytes } from '../../files/folders.ts';
import type { ServerCertificate } from '../../host/options.ts';
import { serverAccount } from '../../process/account.ts';
import { turns } from '../../process/turns.ts';
import type { CacheSurroundings } from '../surroundings.ts';
import { Door } from './door.ts';
import { NamedPlaces, namesOf } from './named-places.ts';
import { socketName } from './redis-client.ts';
import { dataFileName } from './redis-files.ts';
import { RedisNode } from './redis-node.ts';
import { shortPath } from '../../files/short-path.ts';

/** The way by which replicas come to the primary, whichever it is. */
interface Relay {
  readonly door: Door;
  readonly place: EnginePlace;
  /** To the cache's folder. */
  readonly path: AsyncDisposable & { readonly path: string };
}

export class HostRedisCache implements CacheEngine {
  readonly id: string;
  readonly #around: CacheSurroundings;
  readonly #program: string;
  readonly #places: NamedPlaces;
  readonly #inTurn = turns();
  readonly #nodes = new Map<string, RedisNode>();
  readonly #doors = new Map<string, Door>();
  readonly #administrator;
  #settings: CacheSettings;
  #certificate: ServerCertificate | undefined;
  #relay: Relay | undefined;

  constructor(settings: CacheSettings, around: CacheSurroundings, program: string) {
    this.id = settings.id;
    this.#settings = settings;
    this.#around = around;
    this.#program = program;
    this.#places = new NamedPlaces(around.places, settings);
    const password = around.random.text(40, 'abcdefghijklmnopqrstuvwxyz0123456789');
    // A name that no user can have been given.
    this.#administrator = { user: `pergola-${around.random.text(12, '0123456789abcdef')}`, password };
  }

  get isRunning(): boolean {
    return this.#primary?.isRunning === true;
  }

  get place(): EnginePlace {
    return this.#places.of(namesOf(this.#settings.layout)[0] ?? '');
  }

  placeOf(name: string): EnginePlace | undefined {
    return this.#places.find(name);
  }

  get #primary(): RedisNode | undefined {
    return this.#nodes.get(this.#nodeNames[0] ?? '');
  }

  get #nodeNames(): readonly string[] {
    return this.#settings.layout.shards[0]?.nodes ?? [];
  }

  #folderOf(name: string): string {
    return join(this.#around.folder, nodeFolder(name));
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  /** Starts with the data of a snapshot. */
  startFrom(snapshotId: string): Promise<void> {
    return this.#inTurn(async () => {
      const folder = this.#folderOf(this.#nodeNames[0] ?? '');
      const account = serverAccount();
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await copyFile(this.#around.snapshotPath(snapshotId), join(folder, dataFileName));
      if (account) await chown(join(folder, dataFileName), account.uid, account.gid);
      await this.#start();
    });
  }

  async #start(): Promise<void> {
    if (this.isRunning) return;
    assertPossible(this.#settings);
    await this.#places.reserve(this.#settings.layout);
    if (this.#settings.tls !== 'off') this.#certificate = await this.#around.certify(this.#places.hosts);
    try {
      await this.#openRelay();
      await this.#bringInLine();
    } catch (error) {
      await this.#stop();
      throw error;
    }
  }

  async #openRelay(): Promise<void> {
    await mkdir(this.#around.folder, { recursive: true, mode: 0o711 });
    const path = await shortPath(this.#around.folder);
    const door = await Door.open({ host: '127.0.0.1', port: 0 }, this.#socketOfPrimary(path.path));
    this.#relay = { door, place: { host: '127.0.0.1', port: door.port }, path };
  }

  #socketOfPrimary(folder: string): { readonly path: string } {
    return { path: join(folder, nodeFolder(this.#nodeNames[0] ?? ''), socketName) };
  }

  /** Starts nodes that are new, gives roles, and leads the doors to where they lead now. */
  async #bringInLine(): Promise<void> {
    for (const [index, name] of this.#nodeNames.entries()) {
      const role = { place: this.#places.of(name), primary: index === 0 ? undefined : this.#relay?.place };
      const known = this.#nodes.get(name);
      if (known) await known.become(role);
      const node = known ?? this.#newNode(name, role);
      await node.start();
      // Before the others are told to follow it.
      if (index === 0) this.#relay?.door.leadTo(this.#socketOfPrimary(this.#relay.path.path));
    }
    const primary = this.#primary;
    for (const name of this.#nodeNames.slice(1)) if (primary) await this.#nodes.get(name)?.catchUp(primary);
    for (const name of this.#settings.layout.doors) await this.#openDoor(name);
  }

  #newNode(name: string, role: ConstructorParameters<typeof RedisNode>[2]): RedisNode {
    const commons = {
      program: this.#program,
      account: serverAccount(),
      administrator: this.#administrator,
      logger: this.#around.logger,
      inTurn: this.#inTurn,
      settings: () => this.#settings,
      certificate: () => this.#certificate,
    };
    const node = new RedisNode(this.#folderOf(name), commons, role);
    this.#nodes.set(name, node);
    return node;
  }

  async #openDoor(name: string): Promise<void> {
    const [primary = '', replica] = this.#nodeNames;
    const target = this.#places.of(name === 'reader' ? (replica ?? primary) : primary);
    const known = this.#doors.get(name);
    if (known) known.leadTo({ ...target });
    else this.#doors.set(name, await Door.open(this.#places.of(name), { ...target }));
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  async #stop(): Promise<void> {
    for (const door of this.#doors.values()) await door.close();
    this.#doors.clear();
    // Replicas first: the primary is not to wait for them.
    for (const name of [...this.#nodes.keys()].toReversed()) await this.#endNode(name);
    await this.#relay?.door.close();
    await this.#relay?.path[Symbol.asyncDispose]();
    this.#relay = undefined;
  }

  async #endNode(name: string): Promise<void> {
    await this.#nodes.get(name)?.stop();
    this.#nodes.delete(name);
  }

  remove(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stop();
      await this.#places.release();
      await rm(this.#around.folder, { recursive: true, force: true, maxRetries: 5 });
      this.#around.onRemoved();
    });
  }

  sizeBytes(): Promise<number> {
    return folderBytes(this.#around.folder);
  }

  setAccess({ users, authTokens }: Pick<CacheSettings, 'authTokens' | 'users'>): Promise<void> {
    return this.#change({ users, authTokens }, (node) => node.applyAccess());
  }

  setTokenCheck(): Promise<void> {
    // Nobody logs in by token here: such users are refused where they are set.
    return Promise.resolve();
  }

  setParameters(parameters: CacheSettings['parameters']): Promise<void> {
    return this.#change({ parameters }, (node) => node.applyParameters());
  }

  /** What cannot be is refused before anything is changed. */
  #change(patch: Partial<CacheSettings>, apply: (node: RedisNode) => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      const next = { ...this.#settings, ...patch };
      assertPossible(next);
      this.#settings = next;
      for (const node of this.#nodes.values()) await apply(node);
    });
  }

  setLayout(layout: CacheLayout): Promise<void> {
    return this.#inTurn(async () => {
      assertPossible({ ...this.#settings, layout });
      const before = this.#settings.layout;
      await this.#places.reserve(layout);
      if (this.#settings.tls !== 'off') this.#certificate = await this.#around.certify(this.#places.hosts);
      const wasRunning = this.isRunning;
      if (wasRunning) await this.#handOver(layout);
      this.#settings = { ...this.#settings, layout };
      if (wasRunning) await this.#bringInLine();
      const names = new Set(namesOf(layout));
      const gone = namesOf(before).filter((name) => !names.has(name));
      for (const name of gone) {
        await this.#endNode(name);
        await rm(this.#folderOf(name), { recursive: true, force: true, maxRetries: 5 });
      }
      await this.#places.release(gone);
    });
  }

  /** A node that becomes the primary has all that the one before had. */
  async #handOver({ shards }: CacheLayout): Promise<void> {
    const next = this.#nodes.get(shards[0]?.nodes[0] ?? '');
    const primary = this.#primary;
    if (!next || !primary) throw new Error('a new node cannot be the primary at once');
    if (next === primary) return;
    await next.catchUp(primary);
  }

  setTls(tls: CacheSettings['tls']): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#settings.tls === tls) return;
      assertPossible({ ...this.#settings, tls });
      const wasRunning = this.isRunning;
      await this.#stop();
      this.#settings = { ...this.#settings, tls };
      if (wasRunning) await this.#start();
    });
  }

  snapshot(snapshotId: string): Promise<number> {
    return this.#inTurn(async () => {
      const primary = this.#primary;
      if (!primary?.isRunning) throw new Error(`cache ${this.id} does not run`);
      await primary.save();
      const path = this.#around.snapshotPath(snapshotId);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      try {
        await copyFile(primary.dataFile, path);
        return (await stat(path)).size;
      } finally {
        await rm(primary.dataFile, { force: true });
      }
    });
  }
}

/** Short, because a socket's path may not be long. */
function nodeFolder(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}

/** What a server of the host cannot do is refused, in words. */
function assertPossible({ tls, layout, users }: CacheSettings): void {
  if (layout.clustered || layout.shards.length !== 1) {
    throw new Error('a cache by servers of the host has one shard and no cluster mode');
  }
  if (tls === 'preferred') {
    throw new Error('a cache server of the host listens with TLS or without, not with both at once');
  }
  if (users.some(({ byToken }) => byToken === true)) {
    throw new Error('a cache server of the host cannot check IAM tokens; the embedded one can');
  }
}
