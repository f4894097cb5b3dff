// The IAM actions behind the calls of a kind.
import type { KindDescription } from './description.ts';
import type { KindModel } from './model/kind-model.ts';

export function actionsOf(model: KindModel): readonly string[] {
  return [...new Set(operationsOf(model).flatMap((operation) => actionsOfCall(model, operation)))].sort();
}

/** What one call needs; of roles to pass, what it may need. */
export function actionsOfCall({ description }: KindModel, operation: string): readonly string[] {
  const { actionNames, actions } = description.service;
  const names = actionNames?.[operation] ?? operation;
  return (typeof names === 'string' ? [names] : names).map((name) =>
    name.includes(':') ? name : `${actions}:${name}`,
  );
}

function operationsOf({ description, spec }: KindModel): readonly string[] {
  const { create, read, update = [], remove, tags, ways } = description;
  const rules = spec.flatMap(({ rule }) => [
    rule.part?.put,
    rule.part?.remove?.operation,
    rule.part?.read?.operation,
    rule.entries?.add.operation,
    rule.entries?.drop.operation,
    rule.entries?.read?.operation,
  ]);
  return [
    ...[...create, ...read, ...update, ...remove].map(({ operation }) => operation),
    ...rules.filter((operation) => operation !== undefined),
    ...tagOperations(tags),
    ...(ways?.operations ?? []),
  ];
}

function tagOperations(tags: KindDescription['tags']): readonly string[] {
  return [tags?.add.operation, tags?.drop?.operation, tags?.read?.operation].filter(
    (operation) => operation !== undefined,
  );
}
