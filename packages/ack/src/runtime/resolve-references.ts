// Fields that other resources fill: `xRef.from.name` becomes `x`. What is resolved is never written to the cluster.
import type { KubeResource } from '@pergola/kube-client';
import { isRecord } from '@pergola/kernel';
import type { Json, JsonObject, Kind, ReferenceField } from '../kind/kind.ts';
import { dependency, type Lookup } from './cluster/lookup.ts';
import { hasCondition } from './conditions.ts';
import { ReferenceFault, TerminalFault } from './faults.ts';
import { holdersOf, lastNameOf, type Mutable, valueAt } from './json-path.ts';
import { conditionTypes } from './names.ts';

export interface ReferenceScope {
  readonly lookup: Lookup;
  readonly namespace: string;
  readonly crossNamespace: boolean;
  readonly dependencies: Set<string>;
  /** Told of what lies in another namespace. */
  readonly onCrossing: (what: string) => void;
}

export interface Resolution {
  readonly spec: JsonObject;
  /** Whether the spec has references at all. */
  readonly hasReferences: boolean;
}

/** The spec with every reference's value. Throws ReferenceFault, or TerminalFault where both value and reference stand. */
export async function resolveReferences(
  kind: Kind,
  spec: JsonObject,
  scope: ReferenceScope,
): Promise<Resolution> {
  const resolved = structuredClone(spec) as Mutable;
  let hasReferences = false;
  for (const field of kind.references) {
    const refName = lastNameOf(field.refPath);
    const name = lastNameOf(field.path);
    for (const holder of holdersOf(resolved, field.refPath)) {
      const reference = holder[refName];
      if (reference === undefined || reference === null) continue;
      if (Array.isArray(reference) && reference.length === 0) continue;
      hasReferences = true;
      if (holder[name] !== undefined && !isEmptyList(holder[name])) {
        throw new TerminalFault(
          `both resource reference wrapper and ID cannot be used together: ${field.path},${field.refPath}`,
        );
      }
      holder[name] = await valueOf(field, reference, scope);
    }
  }
  return { spec: resolved as JsonObject, hasReferences };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

async function valueOf(field: ReferenceField, reference: unknown, scope: ReferenceScope): Promise<unknown> {
  if (!field.isList) return oneValue(field, reference, scope);
  const values: unknown[] = [];
  for (const each of Array.isArray(reference) ? reference : [reference]) {
    values.push(await oneValue(field, each, scope));
  }
  return values;
}

async function oneValue(field: ReferenceField, reference: unknown, scope: ReferenceScope): Promise<Json> {
  const from = isRecord(reference) ? reference['from'] : undefined;
  const { name, namespace = scope.namespace } = isRecord(from) ? from : {};
  if (typeof name !== 'string' || name === '' || typeof namespace !== 'string') {
    throw new TerminalFault('provided resource reference is nil or empty');
  }
  if (namespace !== scope.namespace && !scope.crossNamespace) {
    throw new TerminalFault(
      'cross-namespace resource reference is not allowed: the operator runs with --disable-cross-namespace. ' +
        `sourceNamespace:${scope.namespace}, targetNamespace:${namespace}, name:${name}`,
    );
  }
  const { group, kind } = field.target;
  if (namespace !== scope.namespace) scope.onCrossing(`${kind} ${namespace}/${name}`);
  scope.dependencies.add(dependency.target(group, kind, { namespace, name }));
  const target = await scope.lookup.target(field, { namespace, name });
  return readTarget(field, target, { namespace, name });
}

/** The value in a target that is there and in sync. */
function readTarget(
  field: ReferenceField,
  target: KubeResource | undefined,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Json {
  const { group, kind, plural } = field.target;
  if (target === undefined) throw new ReferenceFault(`${plural}.${group} "${name}" not found`);
  const which = `resource:${kind}, namespace:${namespace}, name:${name}`;
  if (hasCondition(target['status'], conditionTypes.terminal)) {
    throw new ReferenceFault(
      `the referenced resource has 'ACK.Terminal' condition 'True'. Cannot be referenced. ${which}`,
      true,
    );
  }
  if (!hasCondition(target['status'], conditionTypes.synced)) {
    throw new ReferenceFault(`the referenced resource is not synced yet. ${which}`);
  }
  const value = valueAt(target, field.targetPath) as Json | undefined;
  if (value === undefined || value === null) {
    throw new ReferenceFault(
      `the referenced resource is missing the target field. ${which}, targetField:${field.targetPath}`,
    );
  }
  return value;
}
