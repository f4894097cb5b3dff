// Which logs an input takes.
import { selectorMatches } from '@pergola/kube-client';
import type {
  ApplicationInput,
  ContainerGlob,
  InputConfig,
  LabelSelector,
} from '../../config/collector-config.ts';
import { namesInfrastructure } from '../../config/infrastructure-namespaces.ts';
import { globMatcher } from '../filters/wildcards.ts';
import type { ContainerMetadata } from '../metadata/container-metadata.ts';
import type { LogOrigin } from '../names/log-names.ts';

/** Whether `input` takes the log. */
export function inputTakes(input: InputConfig, origin: LogOrigin): boolean {
  if (origin.kind === 'audit') return input.type === 'audit' && input.sources.includes(origin.source);
  if (origin.kind === 'node') return input.type === 'infrastructure' && input.sources.includes('node');
  const { container } = origin;
  if (input.type === 'application') return applicationTakes(input, container);
  return (
    input.type === 'infrastructure' &&
    input.sources.includes('container') &&
    container.logType === 'infrastructure'
  );
}

function applicationTakes(input: ApplicationInput, container: ContainerMetadata): boolean {
  const { includes, excludes, selector } = input;
  // An include that names a namespace of the cluster's own brings it in; nothing else does, `*` neither.
  const infrastructure = container.logType === 'infrastructure';
  const fitting = infrastructure ? includes.filter((glob) => namesInfrastructure(glob.namespace)) : includes;
  if (infrastructure && fitting.length === 0) return false;
  if (includes.length > 0 && !fitting.some((glob) => globTakes(glob, container))) return false;
  if (excludes.some((glob) => globTakes(glob, container))) return false;
  return selector === undefined || selectorTakes(selector, container.pod?.labels);
}

function globTakes({ namespace, container }: ContainerGlob, of: ContainerMetadata): boolean {
  return (
    (namespace === undefined || globMatcher([namespace])(of.namespace)) &&
    (container === undefined || globMatcher([container])(of.container))
  );
}

/** Kubernetes' own rules; a pod of which nothing is known fits only the empty selector. */
export function selectorTakes(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (labels !== undefined) return selectorMatches(selector, labels);
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}
