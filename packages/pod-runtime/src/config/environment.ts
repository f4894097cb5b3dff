// A container's environment: the node's below, then the image's, envFrom, env in order, each value
// expanded with what stands before it. Follows pkg/kubelet/kubelet_pods.go makeEnvironmentVariables.
import type { Container, EnvFromSource, EnvVar, KeySelector, Pod } from '../pod.ts';
import { type DownwardContext, fieldValue, resourceValue } from './downward.ts';
import { expandReferences } from './expand.ts';
import { ConfigError, type ReferenceReader } from './references.ts';

export interface EnvironmentSources {
  readonly references: Pick<ReferenceReader, 'read'>;
  readonly downward: DownwardContext;
}

/** The variables that the pod itself sets. Throws ConfigError with the kubelet's words. */
export async function podEnvironment(
  pod: Pod,
  container: Container,
  sources: EnvironmentSources,
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const source of container.envFrom ?? []) await addFrom(values, pod, source, sources);
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable, values, { pod, container, sources });
    if (value !== undefined) values.set(variable.name, value);
  }
  return values;
}

interface Scope {
  readonly pod: Pod;
  readonly container: Container;
  readonly sources: EnvironmentSources;
}

async function addFrom(
  values: Map<string, string>,
  pod: Pod,
  source: EnvFromSource,
  { references }: EnvironmentSources,
): Promise<void> {
  const kind = source.configMapRef ? 'configmap' : 'secret';
  const ref = source.configMapRef ?? source.secretRef;
  if (!ref) return;
  const data = await references.read(kind, pod.metadata.namespace ?? 'default', ref.name);
  if (!data) {
    if (ref.optional) return;
    throw new ConfigError(`${kind} "${ref.name}" not found`);
  }
  for (const [key, value] of data) values.set(`${source.prefix ?? ''}${key}`, value.toString('utf8'));
}

async function valueOf(
  variable: EnvVar,
  values: ReadonlyMap<string, string>,
  scope: Scope,
): Promise<string | undefined> {
  const from = variable.valueFrom;
  if (!from) return expandReferences(variable.value ?? '', values);
  if (from.configMapKeyRef) return await keyValue('configmap', from.configMapKeyRef, scope);
  if (from.secretKeyRef) return await keyValue('secret', from.secretKeyRef, scope);
  const { pod, container, sources } = scope;
  const result = from.fieldRef
    ? fieldValue(pod, from.fieldRef.fieldPath, sources.downward)
    : resourceValue(pod, from.resourceFieldRef ?? { resource: '' }, container, sources.downward);
  if (!result.ok) throw new ConfigError(result.error);
  return result.value;
}

async function keyValue(
  kind: 'configmap' | 'secret',
  ref: KeySelector,
  scope: Scope,
): Promise<string | undefined> {
  const namespace = scope.pod.metadata.namespace ?? 'default';
  const data = await scope.sources.references.read(kind, namespace, ref.name);
  const value = data?.get(ref.key);
  if (value) return value.toString('utf8');
  if (ref.optional) return undefined;
  const title = kind === 'configmap' ? 'ConfigMap' : 'Secret';
  throw new ConfigError(
    data
      ? `couldn't find key ${ref.key} in ${title} ${namespace}/${ref.name}`
      : `${kind} "${ref.name}" not found`,
  );
}
