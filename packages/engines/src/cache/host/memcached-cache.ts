// A Memcached cluster by servers of the host: a process for each node. They have no users, keep nothing and copy nothing.
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { CacheEngine, CacheLayout, CacheSettings, EnginePlace } from '../../contract.ts';
import { makeServerFolder } from '../../database/database-files.ts';
import { writePrivateFile } from '../../files/private-file.ts';
import { serverAccount } from '../../process/account.ts';
import { eventually } from '../../process/eventually.ts';
import { startServerProcess } from '../../process/server-process.ts';
import { Supervisor } from '../../process/supervisor.ts';
import { turns } from '../../process/turns.ts';
import type { CacheSurroundings } from '../surroundings.ts';
import { Door } from './door.ts';
import { NamedPlaces, namesOf } from './named-places.ts';
import { certificateNames } from './redis-files.ts';

const START_LIMIT_MS = 10_000;
const MIB = 1024 ** 2;

export class HostMemcachedCache implements CacheEngine {
  readonly id: string;
  readonly #around: CacheSurroundings;
  readonly #program: string;
  readonly #places: NamedPlaces;
  readonly #inTurn = turns();
  readonly #nodes = new Map<string, Supervisor>();
  readonly #doors = new Map<string, Door>();
  #settings: CacheSettings;

  constructor(settings: CacheSettings, around: CacheSurroundings, program: string) {
    this.id = settings.id;
    this.#settings = settings;
    this.#around = around;
    this.#program = program;
    this.#places = new NamedPlaces(around.places, settings);
  }

  get isRunning(): boolean {
    return this.#nodes.size > 0 && [...this.#nodes.values()].every((node) => node.isRunning);
  }

  get place(): EnginePlace {
    return this.#places.of(namesOf(this.#settings.layout)[0] ?? '');
  }

  placeOf(name: string): EnginePlace | undefined {
    return this.#places.find(name);
  }

  get #nodeNames(): readonly string[] {
    return this.#settings.layout.shards.flatMap(({ nodes }) => nodes);
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  async #start(): Promise<void> {
    assertPossible(this.#settings);
    await this.#places.reserve(this.#settings.layout);
    try {
      if (this.#settings.tls !== 'off') await this.#writeCertificate();
      for (const name of this.#nodeNames) await this.#startNode(name);
      for (const name of this.#settings.layout.doors) await this.#openDoor(name);
    } catch (error) {
      await this.#stop();
      throw error;
    }
  }

  async #writeCertificate(): Promise<void> {
    const { folder } = this.#around;
    const account = serverAccount();
    await makeServerFolder(folder, account);
    const certificate = await this.#around.certify(this.#places.hosts);
    for (const part of ['cert', 'key'] as const)
      await writePrivateFile(join(folder, certificateNames[part]), certificate[part], account);
  }

  async #startNode(name: string): Promise<void> {
    const { logger } = this.#around;
    const begin = () => this.#begin(this.#places.of(name));
    const node = this.#nodes.get(name) ?? new Supervisor({ begin, inTurn: this.#inTurn, logger });
    this.#nodes.set(name, node);
    await node.start();
  }

  async #begin(place: EnginePlace) {
    const { folder, logger } = this.#around;
    const account = serverAccount();
    await makeServerFolder(folder, account);
    const server = await startServerProcess(
      {
        program: this.#program,
        folders: [folder],
        words: ([path = '']) => wordsFor(this.#settings, place, path),
        account,
        abortSignal: 'KILL',
      },
      logger,
    );
    const answers = async () => {
      if (server.hasEnded) return 'ended';
      return (await accepts(place)) ? 'ready' : undefined;
    };
    if ((await eventually(answers, { limitMs: START_LIMIT_MS, everyMs: 10 })) !== 'ready') {
      server.signal('SIGKILL');
      throw new Error(`memcached did not start: ${server.lastWords().slice(-500)}`);
    }
    const stop = async () => {
      // It has nothing to put away.
      server.signal('SIGKILL');
      await server.ended;
    };
    return { process: server, stop };
  }

  async #openDoor(name: string): Promise<void> {
    const target = { ...this.#places.of(this.#nodeNames[0] ?? '') };
    const known = this.#doors.get(name);
    if (known) known.leadTo(target);
    else this.#doors.set(name, await Door.open(this.#places.of(name), target));
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  async #stop(): Promise<void> {
    for (const door of this.#doors.values()) await door.close();
    this.#doors.clear();
    for (const name of this.#nodes.keys()) await this.#endNode(name);
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
    return Promise.resolve(0);
  }

  setAccess({ users, authTokens }: Pick<CacheSettings, 'authTokens' | 'users'>): Promise<void> {
    return this.#inTurn(async () => {
      assertPossible({ ...this.#settings, users, authTokens });
    });
  }

  setTokenCheck(): Promise<void> {
    return Promise.resolve();
  }

  setParameters(parameters: CacheSettings['parameters']): Promise<void> {
    return this.#inTurn(async () => {
      // Memcached takes its settings when it starts; a restart would empty it, and is left to a reboot.
      this.#settings = { ...this.#settings, parameters };
    });
  }

  setLayout(layout: CacheLayout): Promise<void> {
    return this.#inTurn(async () => {
      const wasRunning = this.isRunning;
      const names = new Set(namesOf(layout));
      const gone = namesOf(this.#settings.layout).filter((name) => !names.has(name));
      this.#settings = { ...this.#settings, layout };
      if (wasRunning) await this.#start();
      for (const name of gone) await this.#endNode(name);
      await this.#places.release(gone);
    });
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

  snapshot(): Promise<number> {
    return Promise.reject(new Error('Memcached has no snapshots'));
  }
}

function wordsFor({ tls, parameters }: CacheSettings, { host, port }: EnginePlace, folder: string): string[] {
  const megabytes = Math.max(1, Math.floor(Number(parameters['maxmemory'] ?? 64 * MIB) / MIB));
  const words = ['-l', host, '-p', String(port), '-U', '0', '-t', '1', '-m', String(megabytes)];
  if (tls === 'off') return words;
  const { cert, key } = certificateNames;
  return [...words, '-Z', '-o', `ssl_chain_cert=${folder}/${cert},ssl_key=${folder}/${key}`];
}

async function accepts(place: EnginePlace): Promise<boolean> {
  const socket = connect({ ...place });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // Not yet.
  } finally {
    socket.destroy();
  }
}

function assertPossible({ tls, users, authTokens }: CacheSettings): void {
  if (users.length > 0 || authTokens.length > 0) throw new Error('Memcached has no users and no AUTH tokens');
  if (tls === 'preferred') throw new Error('Memcached listens with TLS or without, not with both at once');
}
