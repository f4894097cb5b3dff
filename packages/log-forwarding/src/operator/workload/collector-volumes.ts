// What a collector sees of its node and of the forwarder's Secrets, and the variables that say where.
import { dirname } from 'node:path/posix';
import type { CollectorConfig } from '../../config/collector-config.ts';
import { collectorPaths, collectorVariables } from '../../config/collector-places.ts';
import type { CollectorNames } from '../names.ts';
import { type MountedKey, mountedKeysOf, needsToken, relativePathOf } from '../resolve/mounted-keys.ts';

export interface CollectorVolumes {
  readonly volumes: readonly object[];
  readonly mounts: readonly object[];
  readonly variables: Readonly<Record<string, string>>;
}

/** The audience that ROSA's providers accept; the token is renewed before each hour ends. */
const tokenAudience = 'openshift';
const tokenSeconds = 3_600;

interface Volume {
  readonly name: string;
  readonly path: string;
  readonly readOnly: boolean;
  readonly source: object;
}

export function collectorVolumes(names: CollectorNames, config: CollectorConfig): CollectorVolumes {
  const dataDirectory = `${collectorPaths.data}/${names.namespace}/${names.collector}`;
  const keys = mountedKeysOf(config);
  const ownToken = needsToken(config);
  const all: Volume[] = [
    {
      name: 'config',
      path: dirname(collectorPaths.config),
      readOnly: true,
      source: { secret: { secretName: names.configSecret } },
    },
    // The folders of pods, containers, journal and audit as one: links between them must lead somewhere.
    {
      name: 'varlog',
      path: collectorPaths.logs,
      readOnly: true,
      source: { hostPath: { path: collectorPaths.logs } },
    },
    {
      name: 'datadir',
      path: dataDirectory,
      readOnly: false,
      source: { hostPath: { path: dataDirectory, type: 'DirectoryOrCreate' } },
    },
    { name: 'tmp', path: '/tmp', readOnly: false, source: { emptyDir: { medium: 'Memory' } } },
    ...(ownToken ? [tokenVolume] : []),
    ...(keys.length > 0 ? [keysVolume(keys)] : []),
  ];
  return {
    volumes: all.map(({ name, source }) => ({ name, ...source })),
    mounts: all.map(({ name, path, readOnly }) => ({
      name,
      mountPath: path,
      ...(readOnly ? { readOnly } : {}),
    })),
    variables: {
      [collectorVariables.config]: collectorPaths.config,
      [collectorVariables.pods]: collectorPaths.pods,
      [collectorVariables.journal]: collectorPaths.journal,
      [collectorVariables.audit]: collectorPaths.logs,
      [collectorVariables.data]: dataDirectory,
      ...(ownToken ? { [collectorVariables.token]: collectorPaths.token } : {}),
      ...(keys.length > 0 ? { [collectorVariables.secrets]: collectorPaths.secrets } : {}),
    },
  };
}

const tokenVolume: Volume = {
  name: 'token',
  path: collectorPaths.tokenDirectory,
  readOnly: true,
  source: {
    projected: {
      sources: [
        {
          serviceAccountToken: { audience: tokenAudience, expirationSeconds: tokenSeconds, path: 'token' },
        },
      ],
    },
  },
};

/** Only the keys that outputs name, not whole Secrets. */
function keysVolume(keys: readonly MountedKey[]): Volume {
  const sources = keys.map((mounted) => {
    const items = [{ key: mounted.key, path: relativePathOf(mounted) }];
    return { [mounted.kind]: { name: mounted.name, items } };
  });
  return {
    name: 'secrets',
    path: collectorPaths.secrets,
    readOnly: true,
    source: { projected: { sources } },
  };
}
