// The files of configMap, secret and downwardAPI sources, alone or as parts of a projected volume.
import { fieldValue, resourceValue } from '../config/downward.ts';
import type { ReferenceKind } from '../config/references.ts';
import type { DownwardItem, KeyToPath, Pod } from '../pod.ts';
import type { VolumeFile } from './atomic-directory.ts';
import { type VolumeContext, VolumeError } from './volume.ts';

export const defaultFileMode = 0o644;

export interface ReferencePart {
  readonly kind: ReferenceKind;
  readonly name: string;
  readonly items: readonly KeyToPath[] | undefined;
  readonly optional: boolean;
  readonly mode: number;
}

/** The files of one ConfigMap or Secret. Throws VolumeError in the kubelet's words. */
export async function referenceFiles(
  pod: Pod,
  part: ReferencePart,
  context: VolumeContext,
): Promise<[string, VolumeFile][]> {
  const { kind, name, items, optional, mode } = part;
  const data = await context.references.read(kind, pod.metadata.namespace ?? 'default', name);
  if (!data) {
    if (optional) return [];
    throw new VolumeError(`${kind} "${name}" not found`);
  }
  if (!items?.length) return [...data].map(([key, bytes]) => [key, { data: bytes, mode }]);
  const files: [string, VolumeFile][] = [];
  for (const item of items) {
    const bytes = data.get(item.key);
    if (bytes) files.push([item.path, { data: bytes, mode: item.mode ?? mode }]);
    else if (!optional)
      throw new VolumeError(
        `references non-existent ${kind === 'secret' ? 'secret' : 'config'} key: ${item.key}`,
      );
  }
  return files;
}

/** The files of a downward API source. */
export function downwardFiles(
  pod: Pod,
  items: readonly DownwardItem[],
  mode: number,
  context: VolumeContext,
): [string, VolumeFile][] {
  return items.map((item) => {
    const value = item.fieldRef
      ? fieldValue(pod, item.fieldRef.fieldPath, context.downward)
      : resourceValue(pod, item.resourceFieldRef ?? { resource: '' }, undefined, context.downward);
    if (!value.ok) throw new VolumeError(value.error);
    return [item.path, { data: Buffer.from(value.value), mode: item.mode ?? mode }];
  });
}
