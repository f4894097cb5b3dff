// Keys of Secrets and ConfigMaps as files in the collector: where they stand, and which ones a configuration needs.
import type { CollectorConfig, OutputConfig } from '../../config/collector-config.ts';
import { collectorPaths } from '../../config/collector-places.ts';

export interface MountedKey {
  readonly kind: 'secret' | 'configMap';
  readonly name: string;
  readonly key: string;
}

/** No Secret's name begins with an underscore. */
const configMapMark = '_configmap_';

export function pathOfKey({ kind, name, key }: MountedKey): string {
  return `${collectorPaths.secrets}/${relativePathOf({ kind, name, key })}`;
}

/** The path below the folder of all keys. */
export function relativePathOf({ kind, name, key }: MountedKey): string {
  return `${kind === 'configMap' ? configMapMark : ''}${name}/${key}`;
}

/** The keys that the configuration's outputs read, each once, in order. */
export function mountedKeysOf({ outputs }: CollectorConfig): MountedKey[] {
  const paths = new Set(
    outputs.flatMap(pathsOf).filter((path) => path.startsWith(`${collectorPaths.secrets}/`)),
  );
  return [...paths].sort().map((path) => {
    const [folder = '', key = ''] = path.slice(collectorPaths.secrets.length + 1).split('/');
    return folder.startsWith(configMapMark)
      ? { kind: 'configMap', name: folder.slice(configMapMark.length), key }
      : { kind: 'secret', name: folder, key };
  });
}

/** Whether an output signs in with the ServiceAccount's own token. */
export function needsToken({ outputs }: CollectorConfig): boolean {
  return outputs.some(
    ({ authentication }) =>
      authentication.type === 'iamRole' && authentication.tokenFile === collectorPaths.token,
  );
}

function pathsOf({ authentication, caFile }: OutputConfig): string[] {
  const own =
    authentication.type === 'iamRole'
      ? [authentication.tokenFile]
      : [authentication.keyIdFile, authentication.keySecretFile];
  return caFile === undefined ? own : [...own, caFile];
}
