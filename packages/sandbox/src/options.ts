// What may be chosen about a sandbox, and its defaults.
import { resolve } from 'node:path';
import type { LogLevel } from '@pergola/kernel';

/** `classic`: self-hosted control plane. `hcp`: hosted. Decides the pod identity webhook's default audience. */
export type Topology = 'classic' | 'hcp';

/** Options of `startSandbox`. All are optional. */
export interface SandboxOptions {
  /** Folder of all state. Default `.pergola` below the working directory; a temporary folder when ephemeral. */
  readonly dataDir?: string;
  /** Keep nothing: a temporary folder, random ports unless given, no waiting for the disk. Default false. */
  readonly ephemeral?: boolean;
  /** Port of the AWS endpoint; 0 draws a free one. Default 4566. */
  readonly awsPort?: number;
  /** Port of the Kubernetes API; 0 draws a free one. Default 6443. */
  readonly kubePort?: number;
  /** Default account, 12 digits. Default 123456789012. */
  readonly account?: string;
  /** Default us-east-1. */
  readonly region?: string;
  /** The cluster's name. Default `mycluster`. Fixed when the data folder is first used. */
  readonly clusterName?: string;
  /** Default `classic`. Fixed when the data folder is first used. */
  readonly topology?: Topology;
  readonly logLevel?: LogLevel;
  /** Whether containers get namespaces of their own. Default `auto`: when the machine allows. */
  readonly isolation?: 'auto' | 'namespaces' | 'none';
  /** A JSON or YAML file that maps image names to programs, read by the pod runtime. */
  readonly imageMapFile?: string;
  /** What runs caches of Redis and Valkey: the embedded server (the default), or `redis-server` and `valkey-server` of the host. */
  readonly cacheEngine?: 'embedded' | 'host';
  /** Further folders on the PATH of pods, before the one where Pergola's own `aws` stands. */
  readonly podPath?: readonly string[];
}

/** Options with every default filled in. Ports may still be 0. */
export interface ResolvedOptions {
  readonly dataDir: string;
  readonly ephemeral: boolean;
  readonly awsPort: number;
  readonly kubePort: number;
  readonly account: string;
  readonly region: string;
  readonly clusterName: string;
  readonly topology: Topology | undefined;
  readonly logLevel: LogLevel;
  readonly isolation: 'auto' | 'namespaces' | 'none';
  readonly imageMapFile: string | undefined;
  readonly cacheEngine: 'embedded' | 'host';
  readonly podPath: readonly string[];
}

/** Thrown for an option that cannot be: says which and what would do. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** Fills in defaults and checks. `temporaryDir` is called only for an ephemeral sandbox without a folder. */
export function resolveOptions(options: SandboxOptions, temporaryDir: () => string): ResolvedOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const ephemeral = options.ephemeral ?? false;
  const filled = { ...defaults, ...(ephemeral ? { awsPort: 0, kubePort: 0 } : {}), ...given, ephemeral };
  const dataDir = resolve(options.dataDir ?? (ephemeral ? temporaryDir() : '.pergola'));
  const resolved: ResolvedOptions = { ...filled, dataDir };
  check(resolved);
  return resolved;
}

const defaults = {
  awsPort: 4566,
  kubePort: 6443,
  account: '123456789012',
  region: 'us-east-1',
  clusterName: 'mycluster',
  topology: undefined,
  logLevel: 'warn',
  isolation: 'auto',
  imageMapFile: undefined,
  cacheEngine: 'embedded',
  podPath: [],
} as const;

function check(options: ResolvedOptions): void {
  checkPort('AWS', options.awsPort);
  checkPort('Kubernetes', options.kubePort);
  if (!/^\d{12}$/.test(options.account)) {
    throw new OptionError(`account must be 12 digits, not '${options.account}'`);
  }
  if (!/^[a-z]([-a-z0-9]{0,52}[a-z0-9])?$/.test(options.clusterName)) {
    throw new OptionError(
      `cluster name '${options.clusterName}' must be 1-54 lower-case letters, digits and '-', beginning with a letter`,
    );
  }
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(options.region)) {
    throw new OptionError(`'${options.region}' is not the name of a region`);
  }
}

function checkPort(name: string, port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new OptionError(`the ${name} port must be a whole number from 0 to 65535, not '${port}'`);
}
