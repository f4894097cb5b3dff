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

/** `apps`, `rbac.authorization.k8s.io`: groups of k8s.io/api, whose package is the first label. */
const builtinGroup = /^([a-z]+)$|^([a-z]+)\.(?:[a-z]+\.)?k8s\.io$/;

function packageOf(group: string): string {
  const known = packagesByGroup[group];
  if (known) return known;
  const builtin = builtinGroup.exec(group);
  const label = builtin?.[1] ?? builtin?.[2];
  return label ? `io.k8s.api.${label}` : group.split('.').toReversed().join('.');
}

/**
 * The definition name of a kind. Groups outside k8s.io are their domain reversed, as the API server names custom
 * resources: `com.example.v1.Widget`. Whether a built-in definition exists is for the asker to see.
 */
export function definitionName({ group, version, kind }: GroupVersionKind): string {
  return `${packageOf(group)}.${version}.${kind}`;
}
