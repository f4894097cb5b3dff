// The names of definitions in OpenAPI documents: `io.k8s.api.core.v1.Pod`.
import type { GroupVersionKind } from '../object.ts';

/** Package of the definitions that every group shares. */
export const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1';
/** Definition name of `metadata` of every object. */
export const objectMetaName = `${metaPackage}.ObjectMeta`;

const packagesByGroup: Readonly<Record<string, string>> = {
  '': 'io.k8s.api.core',
  'meta.k8s.io': 'io.k8s.apimachinery.pkg.apis.meta',
  'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
};

/** The definition name of a built-in kind; whether it exists is for the asker to see. */
export function definitionName({ group, version, kind }: GroupVersionKind): string {
  const label = group.split('.', 1)[0] ?? '';
  return `${packagesByGroup[group] ?? `io.k8s.api.${label}`}.${version}.${kind}`;
}
