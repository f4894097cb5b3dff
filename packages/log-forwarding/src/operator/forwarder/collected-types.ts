// Which types of logs a forwarder collects, and so what its ServiceAccount must be allowed.
import { namesInfrastructure } from '../../config/infrastructure-namespaces.ts';
import type { LogType } from '../permissions.ts';
import type { ForwarderSpec } from '../spec/forwarder-spec.ts';
import type { LegacyForwarderSpec } from '../spec/legacy-forwarder-spec.ts';
import type { Pipeline } from '../spec/shared-spec.ts';

interface TypedInput {
  readonly name: string;
  readonly types: readonly LogType[];
}

export function legacyTypes({ inputs = [], pipelines = [] }: LegacyForwarderSpec): LogType[] {
  const typed = inputs.map(({ name = '', application, infrastructure, audit }): TypedInput => {
    if (application) {
      const { namespaces = [], includes = [] } = application;
      return {
        name,
        types: applicationTypes([...namespaces, ...includes.map(({ namespace }) => namespace)]),
      };
    }
    return { name, types: infrastructure ? ['infrastructure'] : audit ? ['audit'] : [] };
  });
  return referencedTypes(pipelines, typed);
}

export function observabilityTypes({ inputs = [], pipelines = [] }: ForwarderSpec): LogType[] {
  const typed = inputs.map(({ name, type, application }): TypedInput => {
    if (type !== 'application') return { name, types: type === 'receiver' ? [] : [type] };
    return { name, types: applicationTypes((application?.includes ?? []).map(({ namespace }) => namespace)) };
  });
  return referencedTypes(pipelines, typed);
}

/** An application input that names infrastructure namespaces needs both rights. */
function applicationTypes(namespaces: readonly (string | undefined)[]): LogType[] {
  return namespaces.some(namesInfrastructure) ? ['application', 'infrastructure'] : ['application'];
}

function referencedTypes(pipelines: readonly Pipeline[], inputs: readonly TypedInput[]): LogType[] {
  const reserved: TypedInput[] = (['application', 'audit', 'infrastructure'] as const).map((type) => ({
    name: type,
    types: [type],
  }));
  const refs = new Set(pipelines.flatMap(({ inputRefs = [] }) => inputRefs));
  const found = [...reserved, ...inputs].filter(({ name }) => refs.has(name)).flatMap(({ types }) => types);
  return [...new Set(found)].sort();
}
