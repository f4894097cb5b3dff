// The volume kinds, in one ordered list. A kind is one entry here.
import { chmod, mkdir } from 'node:fs/promises';
import type { ProjectedSource } from '../pod.ts';
import { type Payload, type VolumeFile, writeAtomically } from './atomic-directory.ts';
import { hostPath } from './host-path.ts';
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
