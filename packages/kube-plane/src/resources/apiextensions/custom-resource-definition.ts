// CustomResourceDefinition: names and schemas checked at the write, established at once, cleaned up at the end.
import { isRecord } from '@pergola/kernel';
import type { Plane, StrategyContext } from '../../contract.ts';
import { type CrdSpec, crdSpec } from '../../crd/custom-resources.ts';
import { type FieldFault, fieldFaults } from '../../faults.ts';
import type { KubeObject } from '../../object.ts';
import { structuralErrors } from '../../schema/structural.ts';
import { nameErrors } from '../../validation/names.ts';
import { rulesOf } from '../../validation/rule-faults.ts';
import { defineResource } from '../define.ts';

/** Holds a deleted definition until its objects are gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';
const VERSION = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

export const customResourceDefinitions = defineResource({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  hasStatus: true,
  hasGeneration: true,
  strategy: {
    applyDefaults(object) {
      const spec = object['spec'];
      if (!isRecord(spec) || !isRecord(spec['names'])) return;
      const { names } = spec;
      const kind = String(names['kind'] ?? '');
      names['singular'] ??= kind.toLowerCase();
      names['listKind'] ??= `${kind}List`;
      spec['conversion'] ??= { strategy: 'None' };
    },
    prepareForCreate(object, context) {
      const finalizers = new Set([...(object.metadata.finalizers ?? []), CLEANUP_FINALIZER]);
      object.metadata.finalizers = [...finalizers];
      if (isRecord(object['spec'])) object['status'] = statusOf(object, [], context);
    },
    prepareForUpdate(object, previous, context) {
      const stored = (previous['status'] as { storedVersions?: string[] } | undefined)?.storedVersions ?? [];
      if (object.metadata.deletionTimestamp === undefined && isRecord(object['spec']))
        object['status'] = statusOf(object, stored, context, previous);
    },
    async validate(object, { warn }) {
      const errors = crdFaults(object);
      return errors.length > 0 ? errors : faultsOfRules(crdSpec(object), warn);
    },
    validateUpdate: (object, previous) =>
      isRecord(object['spec']) ? immutableFaults(crdSpec(object), crdSpec(previous)) : [],
  },
});

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/** The status that upstream's naming and establishing controllers would write. */
function statusOf(
  object: KubeObject,
  storedBefore: readonly string[],
  context: StrategyContext,
  previous?: KubeObject,
): Record<string, unknown> {
  const spec = crdSpec(object);
  const conflict = spec.names && namingConflict(object.metadata.name, spec, context.plane);
  const old = (previous?.['status'] as { conditions?: Condition[] } | undefined)?.conditions ?? [];
  const condition = (type: string, holds: boolean, reason: string, message: string): Condition => {
    const status = holds ? 'True' : 'False';
    const before = old.find((each) => each.type === type && each.status === status);
    return {
      type,
      status,
      lastTransitionTime: before?.lastTransitionTime ?? context.nowIso,
      reason,
      message,
    };
  };
  const storage = (spec.versions ?? []).find((version) => version.storage)?.name;
  return {
    acceptedNames: conflict ? { plural: '', kind: '' } : spec.names,
    conditions: conflict
      ? [
          condition('NamesAccepted', false, conflict.reason, conflict.message),
          condition('Established', false, 'NotAccepted', 'not all names are accepted'),
        ]
      : [
          condition('NamesAccepted', true, 'NoConflicts', 'no conflicts found'),
          condition('Established', true, 'InitialNamesAccepted', 'the initial names have been accepted'),
        ],
    storedVersions: [...new Set([...storedBefore, ...(storage === undefined ? [] : [storage])])],
  };
}

/** Another definition of the group already has the plural or the kind. */
function namingConflict(
  name: string,
  spec: CrdSpec,
  plane: Plane,
): { reason: string; message: string } | undefined {
  for (const other of plane.resources.all()) {
    if (other.group !== spec.group || `${other.plural}.${other.group}` === name) continue;
    if (other.plural === spec.names.plural) {
      return { reason: 'PluralConflict', message: `"${other.plural}" is already in use` };
    }
    if (other.kind === spec.names.kind) {
      return { reason: 'KindConflict', message: `"${other.kind}" is already in use` };
    }
  }
  return undefined;
}

function crdFaults(object: KubeObject): FieldFault[] {
  const spec = crdSpec(object) as CrdSpec | undefined;
  if (!spec?.names || !Array.isArray(spec.versions)) return [fieldFaults.required('spec')];
  const wanted = `${spec.names.plural}.${spec.group}`;
  const storages = spec.versions.filter((version) => version.storage).length;
  const conversion =
    (spec as unknown as { conversion?: { strategy?: string } }).conversion?.strategy ?? 'None';
  return [
    ...(object.metadata.name === wanted
      ? []
      : [
          fieldFaults.invalid(
            'metadata.name',
            object.metadata.name,
            'must be spec.names.plural+"."+spec.group',
          ),
        ]),
    ...nameErrors(spec.group, 'subdomain').map((message) =>
      fieldFaults.invalid('spec.group', spec.group, message),
    ),
    ...(spec.group.includes('.')
      ? []
      : [fieldFaults.invalid('spec.group', spec.group, 'should be a domain with at least one dot')]),
    ...nameErrors(spec.names.plural, 'dns1035').map((message) =>
      fieldFaults.invalid('spec.names.plural', spec.names.plural, message),
    ),
    ...(['Namespaced', 'Cluster'].includes(spec.scope)
      ? []
      : [fieldFaults.unsupported('spec.scope', spec.scope, ['Cluster', 'Namespaced'])]),
    ...(storages === 1
      ? []
      : [
          fieldFaults.invalid(
            'spec.versions',
            storages,
            'must have exactly one version marked as storage version',
          ),
        ]),
    ...(conversion === 'None'
      ? []
      : [
          fieldFaults.forbidden(
            'spec.conversion.strategy',
            'conversion webhooks are not implemented by this server; use None',
          ),
        ]),
    ...spec.versions.flatMap((version, index) => versionFaults(spec, version, index)),
  ];
}

/** Rules that are no CEL are refused; of those that we cannot evaluate, whoever writes them is told. */
async function faultsOfRules(spec: CrdSpec, warn: (text: string) => void): Promise<FieldFault[]> {
  const errors: FieldFault[] = [];
  for (const [index, { name, schema }] of spec.versions.entries()) {
    const rules = schema?.openAPIV3Schema && (await rulesOf(schema.openAPIV3Schema));
    for (const { path, rule, because, isSyntax } of rules?.problems ?? []) {
      const field = `spec.versions[${index}].schema.openAPIV3Schema${path}`;
      if (isSyntax) errors.push(fieldFaults.invalid(field, rule, `compilation failed: ${because}`));
      else warn(`version ${name}: ${field} is not enforced by this server: ${because}`);
    }
  }
  return errors;
}

function versionFaults(spec: CrdSpec, version: CrdSpec['versions'][number], index: number): FieldFault[] {
  const field = `spec.versions[${index}]`;
  const schema = version.schema?.openAPIV3Schema;
  const errors: FieldFault[] = [];
  if (!VERSION.test(version.name ?? ''))
    errors.push(
      fieldFaults.invalid(
        `${field}.name`,
        version.name,
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-'",
      ),
    );
  if (spec.preserveUnknownFields === true)
    errors.push(fieldFaults.invalid('spec.preserveUnknownFields', true, 'must be false'));
  if (!schema) errors.push(fieldFaults.required(`${field}.schema.openAPIV3Schema`, 'schemas are required'));
  else errors.push(...structuralErrors(schema, `${field}.schema.openAPIV3Schema`));
  return errors;
}

function immutableFaults(spec: CrdSpec, before: CrdSpec): FieldFault[] {
  const errors: FieldFault[] = [];
  const check = (field: string, now: unknown, then: unknown) => {
    if (now !== then) errors.push(fieldFaults.invalid(field, now, 'field is immutable'));
  };
  check('spec.group', spec.group, before.group);
  check('spec.scope', spec.scope, before.scope);
  check('spec.names.plural', spec.names.plural, before.names.plural);
  check('spec.names.kind', spec.names.kind, before.names.kind);
  return errors;
}
