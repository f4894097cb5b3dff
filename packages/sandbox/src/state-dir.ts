// The data folder: where everything of a sandbox lies, who may read it, and who holds it.
//
//   .pergola/
//     lock            pid of the process that holds the folder
//     cluster.json    what was drawn once: names, ids, tokens
//     pki/            CA, serving certificates, service-account signing key
//     aws/  kube/     the two stores, and the bodies of S3 objects
//     engines/        databases and caches: their data, their snapshots, and what they are made from
//     node/           the pods' own files and their logs
//     kubeconfig, aws/credentials, aws/config, bin/   what `pergola shell` points clients to
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Unix socket paths end at 107 bytes on Linux and 103 on macOS. */
const SOCKET_PATH_MAX = 100;

/** Paths inside one data folder. */
export interface StateDir {
  readonly root: string;
  readonly lock: string;
  readonly cluster: string;
  readonly pki: string;
  readonly awsStore: string;
  readonly awsFiles: string;
  readonly kubeStore: string;
  readonly engines: string;
  readonly node: string;
  readonly log: string;
  readonly bin: string;
  readonly kubeconfig: string;
  readonly awsConfig: string;
  readonly awsCredentials: string;
  readonly ocmConfig: string;
  readonly controlSocket: string;
}

export function stateDirOf(root: string): StateDir {
  const socket = join(root, 'control.sock');
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return {
    root,
    lock: join(root, 'lock'),
    cluster: join(root, 'cluster.json'),
    pki: join(root, 'pki'),
    awsStore: join(root, 'aws', 'store'),
    awsFiles: join(root, 'aws', 'files'),
    kubeStore: join(root, 'kube', 'store'),
    engines: join(root, 'engines'),
    node: join(root, 'node'),
    log: join(root, 'pergola.log'),
    bin: join(root, 'bin'),
    kubeconfig: join(root, 'kubeconfig'),
    awsConfig: join(root, 'client', 'aws-config'),
    awsCredentials: join(root, 'client', 'aws-credentials'),
    ocmConfig: join(root, 'client', 'ocm.json'),
    controlSocket:
      Buffer.byteLength(socket) <= SOCKET_PATH_MAX
        ? socket
        : join(tmpdir(), `pergola-${digest}`, 'control.sock'),
  };
}

/** Another process holds the data folder. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly pid: number;

  constructor(root: string, pid: number) {
    super(`a sandbox already runs on ${root} (process ${pid})`);
    this.pid = pid;
  }
}

/**
 * Takes the folder for this process; returns how to give it back. A lock of a dead process is taken over.
 * The lock appears by `link`, whole or not at all, so that no process ever sees one without its pid.
 */
export function holdStateDir(dir: StateDir): () => void {
  mkdirSync(dir.root, { recursive: true, mode: 0o700 });
  chmodSync(dir.root, 0o700);
  const mine = `${dir.lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (tryLink(mine, dir.lock)) return () => rmSync(dir.lock, { force: true });
      const holder = lockHolder(dir);
      if (holder !== undefined) throw new LockedError(dir.root, holder);
      setAside(dir);
    }
    throw new LockedError(dir.root, lockHolder(dir) ?? 0);
  } finally {
    rmSync(mine, { force: true });
  }
}

function tryLink(source: string, target: string): boolean {
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead process's lock. A lock that another process has just taken instead is put back. */
function setAside(dir: StateDir): void {
  const aside = `${dir.lock}.stale.${process.pid}`;
  try {
    renameSync(dir.lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const pid = Number(readFileSync(aside, 'utf8'));
  if (pid > 0 && isAlive(pid)) tryLink(aside, dir.lock);
  rmSync(aside, { force: true });
}

/** The living process that holds the folder, if there is one. */
export function lockHolder(dir: StateDir): number | undefined {
  if (!existsSync(dir.lock)) return undefined;
  const pid = Number(readFileSync(dir.lock, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return isAlive(pid) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivate(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.new`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}

export function readIfPresent(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
