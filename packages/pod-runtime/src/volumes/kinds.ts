// The volume kinds, in one ordered list. A kind is one entry here.
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { normalize } from 'node:path';
import type { ProjectedSource } from '../pod.ts';
import { type Payload, type VolumeFile, writeAtomically } from './atomic-directory.ts';
import { defaultFileMode, downwardFiles, referenceFiles } from './payload.ts';
import type { TokenCache } from './service-account-token.ts';
import {
  type PreparedVolume,
  type VolumeContext,
  VolumeError,
  type VolumeKind,
  type VolumeSetup,
} from './volume.ts';

const emptyDir: VolumeKind = {
  field: 'emptyDir',
  refreshes: false,
  async prepare({ directory }) {
    await mkdir(directory, { recursive: true });
    await chmod(directory, 0o777);
    return { path: directory, readOnly: false };
  },
};

const configMap: VolumeKind = {
  field: 'configMap',
  refreshes: true,
  async prepare({ pod, volume, directory }, context) {
    const source = volume.configMap ?? { name: '' };
    const mode = source.defaultMode ?? defaultFileMode;
    const part = {
      kind: 'configmap',
      name: source.name,
      items: source.items,
      optional: source.optional ?? false,
      mode,
    } as const;
    return await written(directory, new Map(await referenceFiles(pod, part, context)));
  },
};

const secret: VolumeKind = {
  field: 'secret',
  refreshes: true,
  async prepare({ pod, volume, directory }, context) {
    const source = volume.secret ?? { secretName: '' };
    const mode = source.defaultMode ?? defaultFileMode;
    const part = {
      kind: 'secret',
      name: source.secretName,
      items: source.items,
      optional: source.optional ?? false,
      mode,
    } as const;
    return await written(directory, new Map(await referenceFiles(pod, part, context)));
  },
};

const downwardApi: VolumeKind = {
  field: 'downwardAPI',
  refreshes: true,
  async prepare({ pod, volume, directory }, context) {
    const { items = [], defaultMode = defaultFileMode } = volume.downwardAPI ?? {};
    return await written(directory, new Map(downwardFiles(pod, items, defaultMode, context)));
  },
};

const projected = (tokens: TokenCache): VolumeKind => ({
  field: 'projected',
  refreshes: true,
  async prepare(setup, context) {
    const { sources = [], defaultMode = defaultFileMode } = setup.volume.projected ?? {};
    const files: [string, VolumeFile][] = [];
    for (const source of sources)
      files.push(...(await projectedFiles(source, defaultMode, setup, { context, tokens })));
    return await written(setup.directory, new Map(files));
  },
});

/** Host directories are shown as the host has them, read-only; `/var/log/pods` and `/var/log/containers` are the node's. */
const hostPath: VolumeKind = {
  field: 'hostPath',
  refreshes: false,
  async prepare({ volume }, context) {
    const { path = '', type = '' } = volume.hostPath ?? {};
    const wanted = normalize(path).replace(/(.)\/$/, '$1');
    if (!wanted.startsWith('/')) throw new VolumeError(`hostPath must be an absolute path: ${path}`);
    const own = nodePath(wanted, context.hostPaths);
    // Links are followed now and not again: they could lead to what is hidden, by way of /proc too.
    const real = own ?? (await realpath(wanted).catch(() => wanted));
    if (own === undefined && (await touchesHidden(real, context.hidden)))
      throw new VolumeError(`hostPath ${wanted} holds Pergola's own data and cannot be mounted`);
    await checkType(wanted, real, type);
    return { path: real, readOnly: true };
  },
};

/** The kind of each field. `tokens` outlives the pods. */
export function volumeKinds(tokens: TokenCache): readonly VolumeKind[] {
  return [emptyDir, projected(tokens), configMap, secret, downwardApi, hostPath];
}

async function written(directory: string, payload: Payload): Promise<PreparedVolume> {
  await writeAtomically(directory, payload);
  return { path: directory, readOnly: true };
}

async function projectedFiles(
  source: ProjectedSource,
  mode: number,
  { pod }: VolumeSetup,
  { context, tokens }: { context: VolumeContext; tokens: TokenCache },
): Promise<[string, VolumeFile][]> {
  const { serviceAccountToken, configMap: map, secret: hidden, downwardAPI } = source;
  if (serviceAccountToken) {
    const token = await tokens.token(pod, serviceAccountToken, context);
    const owned = pod.spec.securityContext?.fsGroup !== undefined;
    return [[serviceAccountToken.path, { data: Buffer.from(token), mode: owned ? 0o600 : mode }]];
  }
  if (map) {
    return await referenceFiles(
      pod,
      { kind: 'configmap', name: map.name, items: map.items, optional: map.optional ?? false, mode },
      context,
    );
  }
  if (hidden) {
    return await referenceFiles(
      pod,
      { kind: 'secret', name: hidden.name, items: hidden.items, optional: hidden.optional ?? false, mode },
      context,
    );
  }
  if (downwardAPI) return downwardFiles(pod, downwardAPI.items ?? [], mode, context);
  throw new VolumeError(`projected source ${Object.keys(source).join(', ')} is not implemented`);
}

/** True for what lies in a hidden directory, and for what one lies in: a mount shows everything below it. */
async function touchesHidden(path: string, hidden: readonly string[]): Promise<boolean> {
  const directories = await Promise.all(hidden.map((each) => realpath(each).catch(() => each)));
  const isIn = (inner: string, outer: string) =>
    inner === outer || inner.startsWith(`${outer === '/' ? '' : outer}/`);
  return directories.some((directory) => isIn(path, directory) || isIn(directory, path));
}

/** Throws VolumeError unless `real` is of the kind that the hostPath type names. */
async function checkType(shown: string, real: string, type: string): Promise<void> {
  const found = await stat(real).catch(() => undefined);
  const wanted = type.startsWith('File') ? 'file' : 'directory';
  const fits = found && (type === '' || (wanted === 'file' ? found.isFile() : found.isDirectory()));
  if (!fits) throw new VolumeError(`hostPath type check failed: ${shown} is not a ${wanted}`);
}

function nodePath(path: string, hostPaths: ReadonlyMap<string, string>): string | undefined {
  for (const [shown, real] of hostPaths) {
    if (path === shown || path.startsWith(`${shown}/`)) return `${real}${path.slice(shown.length)}`;
  }
  return undefined;
}
