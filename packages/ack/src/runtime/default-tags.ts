// The tags that the controller gives to everything it makes; those of the spec win over them.
import type { KubeResource } from '@pergola/kube-client';
import type { Kind } from '../kind/kind.ts';
import { serviceOf } from './names.ts';

export const controllerVersion = '0.1.0';

/** ACK's own defaults. */
export const standardResourceTags: readonly string[] = [
  'services.k8s.aws/controller-version=%CONTROLLER_SERVICE%-%CONTROLLER_VERSION%',
  'services.k8s.aws/namespace=%K8S_NAMESPACE%',
];

/** `key=value` entries with their placeholders replaced; those that end up with no value are left out. */
export function defaultTagsOf(
  formats: readonly string[],
  kind: Kind,
  object: KubeResource,
): Readonly<Record<string, string>> {
  const labels = object.metadata.labels ?? {};
  const values: Readonly<Record<string, string>> = {
    '%CONTROLLER_SERVICE%': serviceOf(kind),
    '%CONTROLLER_VERSION%': `v${controllerVersion}`,
    '%K8S_NAMESPACE%': object.metadata.namespace ?? '',
    '%K8S_RESOURCE_NAME%': object.metadata.name,
    '%MANAGED_BY%': labels['app.kubernetes.io/managed-by'] ?? '',
    '%KRO_VERSION%': labels['kro.run/kro-version'] ?? '',
  };
  const tags: Record<string, string> = {};
  for (const format of formats) {
    const at = format.indexOf('=');
    const key = at === -1 ? format : format.slice(0, at);
    const value = format.slice(at + 1).replaceAll(/%[A-Z0-9_]+%/g, (name) => values[name] ?? '');
    if (at > 0 && value !== '') tags[key] = value;
  }
  return tags;
}
