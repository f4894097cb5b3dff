// An engine host whose servers are records: quick, and able to fail on demand. For the rules of the services; what must
// really work is tested with real servers.
import {
  type DatabaseEngine,
  type DatabaseSettings,
  EngineMissingError,
  type EngineHost,
  type TokenCheck,
} from '@pergola/engines';

export interface FakeDatabase {
  readonly settings: DatabaseSettings;
  password: string;
  parameters: Readonly<Record<string, string>>;
  running: boolean;
  port: number;
  tokenCheck: TokenCheck | undefined;
}

export interface FakeEngines extends EngineHost {
  readonly databases: Map<string, FakeDatabase>;
  readonly snapshots: Map<string, string>;
  /** Set: the next thing that servers are asked for fails with it. */
  failure: Error | undefined;
  /** Resolved: servers that are being made may come up. */
  gate: Promise<void>;
}

export function fakeEngines(): FakeEngines {
  const databases = new Map<string, FakeDatabase>();
  const snapshots = new Map<string, string>();

  function failIfTold(): void {
    const { failure } = host;
    host.failure = undefined;
    if (failure) throw failure;
  }

  function engineOf(id: string, database: FakeDatabase): DatabaseEngine {
    const act = async (work: () => void) => {
      await Promise.resolve();
      failIfTold();
      work();
    };
    return {
      id,
      get place() {
        return { host: '127.0.0.1', port: database.port };
      },
      get isRunning() {
        return database.running;
      },
      start: () => act(() => (database.running = true)),
      stop: () => act(() => (database.running = false)),
      remove: () => act(() => databases.delete(id)),
      sizeBytes: () => Promise.resolve(1),
      setMasterPassword: (password) => act(() => (database.password = password)),
      setParameters: async (parameters) => {
        await act(() => (database.parameters = parameters));
        return { waiting: Object.keys(parameters).filter((name) => name === 'max_connections') };
      },
      setTokenCheck: (check) => act(() => (database.tokenCheck = check)),
      setPort: (port) => act(() => (database.port = port)),
      snapshot: (snapshotId) => act(() => snapshots.set(snapshotId, database.password)),
    };
  }

  async function make(settings: DatabaseSettings): Promise<DatabaseEngine> {
    await host.gate;
    failIfTold();
    const { master, parameters, port } = settings;
    const database = {
      settings,
      password: master.password,
      parameters,
      running: true,
      port,
      tokenCheck: undefined,
    };
    databases.set(settings.id, database);
    return engineOf(settings.id, database);
  }

  const host: FakeEngines = {
    databases,
    snapshots,
    failure: undefined,
    gate: Promise.resolve(),
    versions: () => [
      { engine: 'postgres', version: '14.23', isDefault: false },
      { engine: 'postgres', version: '17.10', isDefault: true },
    ],
    createDatabase: make,
    async restoreDatabase(settings, snapshotId) {
      const password = snapshots.get(snapshotId);
      if (password === undefined) throw new Error(`no snapshot ${snapshotId}`);
      const engine = await make(settings);
      const made = databases.get(settings.id);
      if (made && settings.master.password === '') made.password = password;
      return engine;
    },
    openDatabase({ id }) {
      const database = databases.get(id);
      return Promise.resolve(database && engineOf(id, database));
    },
    createCache: () => Promise.reject(new EngineMissingError('no caches in this test')),
    openCache: () => Promise.resolve(undefined),
    removeSnapshot: (snapshotId) => {
      snapshots.delete(snapshotId);
      return Promise.resolve();
    },
    copySnapshot: (from, to) => {
      snapshots.set(to, snapshots.get(from) ?? '');
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return host;
}
