// Fields that other resources fill, and fields whose text is in Secrets.
import type { ReferenceField } from './kind.ts';
import type { KindModel, TopField } from './model/kind-model.ts';
import { pluralOf, referenceName } from './names/field-name.ts';

export function referencesOf(model: KindModel): readonly ReferenceField[] {
  const own = model.spec.flatMap((field) => referenceOf(model, field) ?? []);
  const within = Object.entries(model.description.nestedReferences ?? {}).map(
    ([path, { kind, path: targetPath }]) => {
      const steps = path.split('.');
      const last = steps.pop() ?? '';
      const refPath = [...steps, referenceName(last, false)].join('.');
      return { path, refPath, isList: false, target: targetOf(model, kind), targetPath };
    },
  );
  return [...own, ...within];
}

export function secretsOf(model: KindModel): readonly string[] {
  return model.spec.filter(({ rule }) => rule.secret).map(({ name }) => name);
}

function referenceOf(model: KindModel, field: TopField): ReferenceField | undefined {
  const { reference } = field.rule;
  if (!reference) return undefined;
  const isList = field.type.kind === 'list';
  return {
    path: field.name,
    refPath: referenceName(field.name, isList),
    isList,
    target: targetOf(model, reference.kind),
    targetPath: reference.path,
  };
}

function targetOf({ description }: KindModel, kind: string): ReferenceField['target'] {
  return referenceTarget(description.service.group, kind);
}

/** `kind` as a description has it: `DBCluster` of `service`, or `kms/Key` of another one. */
export function referenceTarget(service: string, kind: string): ReferenceField['target'] {
  const [group, name] = kind.includes('/') ? kind.split('/') : [service, kind];
  return { group: `${group}.services.k8s.aws`, kind: name ?? kind, plural: pluralOf(name ?? kind) };
}
