// A cache by the embedded server: all its nodes and doors, each at an address of its own, over the data of its shards.
import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Timer } from '@pergola/kernel';
import type { CacheEngine, CacheLayout, CacheSettings, EnginePlace, TokenCheck } from '../contract.ts';
import type { ServerCertificate } from '../host/options.ts';
import { Acl } from '../redis/acl/acl.ts';
import type { AclUser } from '../redis/acl/user.ts';
import { makeRoom } from '../redis/data/eviction.ts';
import { linesOf, loadLine } from '../redis/data/snapshots.ts';
import { CacheNode, type CacheCommons } from '../redis/server/cache-node.ts';
import { databasesOf, evictionOf, parametersFrom } from '../redis/server/parameters.ts';
import { PubSub } from '../redis/server/pub-sub.ts';
import { RunningLayout } from '../redis/server/layout.ts';
import type { Session } from '../redis/session.ts';
import { breathe, Slice } from '../redis/slices.ts';
import { readSnapshotFile, writeSnapshotFile } from './snapshot-file.ts';
import type { CacheSurroundings } from './surroundings.ts';

const QUIET_TICK_MS = 1000;
const EXPIRY_TICK_MS = 200;

export class EmbeddedCache implements CacheEngine {
  readonly id: string;
  #settings: CacheSettings;
  readonly #around: CacheSurroundings;
  readonly #acl = new Acl();
  readonly #parameters: Map<string, string>;
  readonly #commons: CacheCommons;
  readonly #nodes = new Map<string, CacheNode>();
  readonly #places = new Map<string, EnginePlace>();
  #layout: RunningLayout | undefined;
  #certificate: ServerCertificate | undefined;
  #tick: Timer | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #sessionId = 0;
  #frozen: Promise<void> | undefined;

  constructor(settings: CacheSettings, around: CacheSurroundings) {
    this.id = settings.id;
    this.#settings = settings;
    this.#around = around;
    this.#parameters = parametersFrom(settings.parameters);
    this.#acl.setAccess(settings.users, settings.authTokens);
    this.#commons = this.#makeCommons();
  }

  #makeCommons(): CacheCommons {
    const { clock, random, logger } = this.#around;
    const { engine, version } = this.#settings;
    const fraction = () => random.fraction();
    return {
      clock,
      fraction,
      hex: (length) => random.text(length, '0123456789abcdef'),
      version: fullVersion(version),
      engine: engine === 'valkey' ? 'valkey' : 'redis',
      acl: this.#acl,
      pubSub: new PubSub<Session>(),
      parameters: this.#parameters,
      databases: databasesOf(this.#parameters),
      nextSessionId: () => ++this.#sessionId,
      sessions: () => [...this.#nodes.values()].flatMap(({ connections }) => [...connections]),
      frozen: () => this.#frozen,
      report: (error) => logger.error({ error, cache: this.id }, 'a command of a cache failed'),
      makeRoom: (dataset) => makeRoom(dataset, evictionOf(this.#parameters), fraction),
    };
  }

  get isRunning(): boolean {
    return this.#layout !== undefined;
  }

  get place(): EnginePlace {
    const { doors, shards } = this.#settings.layout;
    const place = this.placeOf(doors[0] ?? shards[0]?.nodes[0] ?? '');
    if (!place) throw new Error(`cache ${this.id} has no place yet`);
    return place;
  }

  placeOf(name: string): EnginePlace | undefined {
    return this.#places.get(name);
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#layout) return;
      await this.#start(await this.#keptLines());
      // Were it left, a sudden end would bring back what has been deleted or has changed since.
      await rm(this.#dataPath, { force: true });
    });
  }

  /** A file that is damaged is put aside: a cache is better empty than not there. */
  async #keptLines(): Promise<readonly string[] | undefined> {
    try {
      return await readSnapshotFile(this.#dataPath);
    } catch (error) {
      this.#around.logger.warn({ error, cache: this.id }, 'a cache begins without its data');
      await rename(this.#dataPath, `${this.#dataPath}.damaged`);
      return undefined;
    }
  }

  /** Starts with the data of a snapshot. */
  startFrom(snapshotId: string): Promise<void> {
    return this.#inTurn(async () => {
      const lines = await readSnapshotFile(this.#around.snapshotPath(snapshotId));
      if (!lines) throw new Error(`there is no snapshot ${snapshotId}`);
      await this.#start(lines);
    });
  }

  async #start(lines: readonly string[] | undefined): Promise<void> {
    await this.#reserve(this.#settings.layout);
    const layout = this.#runningLayout();
    const slice = new Slice();
    for (const line of lines ?? []) {
      loadLine(line, (key) => layout.datasetOf(this.#settings.layout.clustered ? key : ''));
      await breathe(slice);
    }
    this.#layout = layout;
    try {
      await this.#listen();
    } catch (error) {
      this.#layout = undefined;
      await this.#closeNodes([...this.#nodes.keys()]);
      throw error;
    }
    this.#scheduleTick();
  }

  get #dataPath(): string {
    return join(this.#around.folder, 'data.snapshot');
  }

  async #reserve({ shards, doors }: CacheLayout): Promise<void> {
    for (const name of [...doors, ...shards.flatMap(({ nodes }) => nodes)]) {
      if (this.#places.has(name)) continue;
      this.#places.set(
        name,
        await this.#around.places.reserve(`cache/${this.id}/${name}`, this.#settings.port),
      );
    }
  }

  #runningLayout(): RunningLayout {
    const facts = {
      placeOf: (name: string) => this.#places.get(name) ?? { host: '', port: 0 },
      clusterIdOf: (name: string) => createHash('sha1').update(`${this.id}/${name}`).digest('hex'),
      nowMs: () => this.#around.clock.nowMs(),
    };
    return new RunningLayout(this.#settings.layout, facts, this.#layout);
  }

  /** Brings the listeners in line with the layout: new ones begin, others change their role, the rest end. */
  async #listen(): Promise<void> {
    const layout = this.#layout;
    if (!layout) return;
    const { tls } = this.#settings;
    if (tls !== 'off') this.#certificate = await this.#around.certify(this.#hosts());
    for (const [name, place] of this.#places) {
      const known = this.#nodes.get(name);
      if (known) known.become(layout.roleOf(name));
      else {
        const node = new CacheNode(name, place, this.#commons, layout.roleOf(name));
        this.#nodes.set(name, node);
        await node.listen({ mode: tls, certificate: this.#certificate });
      }
    }
  }

  #hosts(): string[] {
    return [...new Set([...[...this.#places.values()].map(({ host }) => host), 'localhost'])];
  }

  #scheduleTick(): void {
    const isExpiring = this.#layout?.datasets.some((each) =>
      each.spaces().some(({ volatile }) => volatile.size > 0),
    );
    this.#tick = this.#around.clock.after(isExpiring ? EXPIRY_TICK_MS : QUIET_TICK_MS, () => {
      for (const dataset of this.#layout?.datasets ?? []) dataset.expireSome(this.#commons.fraction);
      this.#endIdle();
      this.#scheduleTick();
    });
  }

  #endIdle(): void {
    const seconds = Number(this.#parameters.get('timeout') ?? 0);
    if (!(seconds > 0)) return;
    const before = this.#around.clock.nowMs() - seconds * 1000;
    for (const session of this.#commons.sessions()) {
      const isListening = session.channels.size + session.patterns.size > 0;
      if (session.usedMs < before && !session.isBlocked && !isListening) session.close();
    }
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  async #stop(): Promise<void> {
    if (!this.#layout) return;
    this.#tick?.cancel();
    const layout = this.#layout;
    this.#layout = undefined;
    await this.#closeNodes([...this.#nodes.keys()]);
    await writeSnapshotFile(
      this.#dataPath,
      inSlices(allLines(layout), () => {}),
    );
  }

  async #closeNodes(names: readonly string[]): Promise<void> {
    await Promise.all(names.map(async (name) => await this.#nodes.get(name)?.close()));
    for (const name of names) this.#nodes.delete(name);
  }

  remove(): Promise<void> {
    return this.#inTurn(async () => {
      this.#tick?.cancel();
      this.#layout = undefined;
      await this.#closeNodes([...this.#nodes.keys()]);
      for (const name of this.#places.keys()) await this.#around.places.release(`cache/${this.id}/${name}`);
      this.#places.clear();
      await rm(this.#around.folder, { recursive: true, force: true });
      this.#around.onRemoved();
    });
  }

  async sizeBytes(): Promise<number> {
    return await stat(this.#dataPath).then(
      ({ size }) => size,
      () => 0,
    );
  }

  async setAccess({ authTokens, users }: Pick<CacheSettings, 'authTokens' | 'users'>): Promise<void> {
    await this.#inTurn(() => {
      this.#settings = { ...this.#settings, authTokens, users };
      this.#acl.setAccess(users, authTokens);
      for (const session of this.#commons.sessions()) this.#review(session);
    });
  }

  /** Who is connected goes on with the rights of now; those whose login would not be taken any more are closed. */
  #review(session: Session): void {
    const before = session.user;
    const now = before ? this.#acl.find(before.name) : this.#acl.stranger;
    const isKept = !before || (now?.enabled === true && isSameLogin(before, now));
    // An AUTH token that has been rotated away ends no connection: only logins ask for it.
    if (isKept || (now && this.#settings.users.length === 0)) session.user = now;
    else session.close();
  }

  setTokenCheck(check: TokenCheck | undefined): Promise<void> {
    this.#acl.tokenCheck = check;
    return Promise.resolve();
  }

  setParameters(parameters: Readonly<Record<string, string>>): Promise<void> {
    return this.#inTurn(() => {
      this.#settings = { ...this.#settings, parameters };
      this.#parameters.clear();
      for (const [name, value] of parametersFrom(parameters)) this.#parameters.set(name, value);
    });
  }

  setLayout(layout: CacheLayout): Promise<void> {
    return this.#inTurn(async () => {
      await this.#reserve(layout);
      this.#settings = { ...this.#settings, layout };
      const names = new Set<string>([...layout.doors, ...layout.shards.flatMap(({ nodes }) => nodes)]);
      const gone = [...this.#places.keys()].filter((name) => !names.has(name));
      for (const name of gone) this.#places.delete(name);
      if (this.#layout) {
        this.#layout = this.#runningLayout();
        await this.#listen();
      }
      await this.#closeNodes(gone);
      for (const name of gone) await this.#around.places.release(`cache/${this.id}/${name}`);
    });
  }

  setTls(tls: CacheSettings['tls']): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#settings.tls === tls) return;
      this.#settings = { ...this.#settings, tls };
      if (!this.#layout) return;
      await this.#closeNodes([...this.#nodes.keys()]);
      await this.#listen();
    });
  }

  snapshot(snapshotId: string): Promise<number> {
    return this.#inTurn(async () => {
      if (!this.#layout) throw new Error(`cache ${this.id} does not run`);
      const path = this.#around.snapshotPath(snapshotId);
      return await this.#whileFrozen(allLines(this.#layout), (lines) => writeSnapshotFile(path, lines));
    });
  }

  /** Commands wait until all lines have been taken, so that they are of one instant. */
  async #whileFrozen(
    lines: Iterable<string>,
    work: (lines: AsyncIterable<string>) => Promise<number>,
  ): Promise<number> {
    let thaw = () => {};
    this.#frozen = new Promise((resolve) => (thaw = resolve));
    const end = () => {
      this.#frozen = undefined;
      thaw();
    };
    try {
      return await work(inSlices(lines, end));
    } finally {
      end();
    }
  }

  /** One change at a time. */
  #inTurn<T>(action: () => T | Promise<T>): Promise<T> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => {});
    return done;
  }
}

async function* inSlices(lines: Iterable<string>, atEnd: () => void): AsyncGenerator<string> {
  const slice = new Slice();
  for (const line of lines) {
    yield line;
    await breathe(slice);
  }
  atEnd();
}

function* allLines(layout: RunningLayout): Generator<string> {
  for (const dataset of layout.datasets) yield* linesOf(dataset);
}

function isSameLogin(before: AclUser, now: AclUser): boolean {
  if (before.noPassword !== now.noPassword || before.byToken !== now.byToken) return false;
  return before.hashes.length === 0 || before.hashes.some((hash) => now.hashes.includes(hash));
}

/** `7.1` as a server says it: with three parts. */
function fullVersion(version: string): string {
  const parts = version.split('.');
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}
