// All volumes of one pod: set up before its containers, refreshed while it lives, shown as mounts.
import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { expandReferences } from '../config/expand.ts';
import { ConfigError } from '../config/references.ts';
import type { Mount } from '../isolation/isolation.ts';
import type { Container, Pod, Volume, VolumeMount } from '../pod.ts';
import { isSafeVolumePath } from './atomic-directory.ts';
import { type PreparedVolume, type VolumeContext, VolumeError, type VolumeKind } from './volume.ts';

export class PodVolumes {
  readonly #kinds: readonly VolumeKind[];
  readonly #context: VolumeContext;
  readonly #directory: string;
  readonly #prepared = new Map<string, PreparedVolume>();

  /** `directory` is the pod's own; volumes stand in `volumes/kubernetes.io~<kind>/<name>` below it. */
  constructor(directory: string, kinds: readonly VolumeKind[], context: VolumeContext) {
    this.#directory = directory;
    this.#kinds = kinds;
    this.#context = context;
  }

  /** Sets up every volume. Throws VolumeError, worded as the FailedMount event is. */
  async prepare(pod: Pod): Promise<void> {
    for (const volume of pod.spec.volumes ?? []) {
      if (!this.#prepared.has(volume.name)) await this.#prepareOne(pod, volume);
    }
  }

  /** Brings volumes up to date; those whose source cannot be read keep what they have. Returns the failures. */
  async refresh(pod: Pod): Promise<VolumeError[]> {
    const failures: VolumeError[] = [];
    for (const volume of pod.spec.volumes ?? []) {
      if (!this.#kindOf(volume).refreshes) continue;
      try {
        await this.#prepareOne(pod, volume);
      } catch (error) {
        if (!(error instanceof VolumeError)) throw error;
        failures.push(error);
      }
    }
    return failures;
  }

  /** The mounts of one container. Throws VolumeError for a mount that cannot be had. */
  async mounts(container: Container, env: ReadonlyMap<string, string>): Promise<Mount[]> {
    const mounts: Mount[] = [];
    for (const mount of container.volumeMounts ?? []) {
      const volume = this.#prepared.get(mount.name);
      if (!volume)
        throw new VolumeError(`volume "${mount.name}" of container "${container.name}" is not defined`);
      const source = await subPathOf(volume, mount, env);
      const target = normalize(mount.mountPath).replace(/(.)\/$/, '$1');
      if (!target.startsWith('/') || target === '/')
        throw new VolumeError(`invalid mountPath "${mount.mountPath}"`);
      const isFile = (await stat(source)).isFile();
      mounts.push({ source, target, readOnly: volume.readOnly || mount.readOnly === true, isFile });
    }
    return mounts;
  }

  async #prepareOne(pod: Pod, volume: Volume): Promise<void> {
    const kind = this.#kindOf(volume);
    const directory = join(
      this.#directory,
      'volumes',
      `kubernetes.io~${kind.field.toLowerCase()}`,
      volume.name,
    );
    try {
      this.#prepared.set(volume.name, await kind.prepare({ pod, volume, directory }, this.#context));
    } catch (error) {
      if (!(error instanceof VolumeError || error instanceof ConfigError)) throw error;
      throw new VolumeError(`MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`, {
        cause: error,
      });
    }
  }

  #kindOf(volume: Volume): VolumeKind {
    const kind = this.#kinds.find(({ field }) => volume[field] !== undefined);
    if (kind) return kind;
    const fields = Object.keys(volume).filter((field) => field !== 'name');
    if (fields.length === 0)
      return this.#kinds.find(({ field }) => field === 'emptyDir') ?? unknownKind(volume.name, 'emptyDir');
    return unknownKind(volume.name, fields.join(', '));
  }
}

function unknownKind(name: string, field: string): never {
  throw new VolumeError(
    `MountVolume.SetUp failed for volume "${name}" : volumes of kind ${field} are not implemented by this node`,
  );
}

/** The source with `subPath` applied; it cannot leave the volume, not through symbolic links either. */
async function subPathOf(
  volume: PreparedVolume,
  mount: VolumeMount,
  env: ReadonlyMap<string, string>,
): Promise<string> {
  const subPath = mount.subPathExpr ? expandReferences(mount.subPathExpr, env) : mount.subPath;
  if (!subPath) return volume.path;
  if (!isSafeVolumePath(subPath)) throw new VolumeError(`invalid subPath "${subPath}"`);
  const path = join(volume.path, subPath);
  if (!volume.readOnly && !(await lstat(path).catch(() => undefined))) await mkdir(path, { recursive: true });
  const real = await realpath(path).catch(() => undefined);
  const root = await realpath(volume.path);
  if (real === undefined)
    throw new VolumeError(
      `failed to prepare subPath for volumeMount "${mount.name}": ${subPath} does not exist`,
    );
  if (real !== root && !real.startsWith(`${root}/`))
    throw new VolumeError(`subPath "${subPath}" leaves the volume`);
  return real;
}
