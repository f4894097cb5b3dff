// Rules for metadata that hold for every kind, as k8s.io/apimachinery/pkg/api/validation words them.
import type { ResourceDefinition } from '../contract.ts';
import { type FieldFault, fieldFaults } from '../faults.ts';
import { jsonEqual } from '@pergola/kernel';
import type { KubeObject, OwnerReference } from '../object.ts';
import { qualifiedNameErrors } from '../selectors/label-syntax.ts';
import { labelFaults, nameErrors } from './names.ts';

const ANNOTATION_BYTES_MAX = 256 * 1024;

export function metaFaults(definition: ResourceDefinition, object: KubeObject): FieldFault[] {
  const { metadata } = object;
  const rule = definition.strategy.nameRule ?? 'subdomain';
  return [
    ...nameErrors(metadata.name, rule).map((message) =>
      fieldFaults.invalid('metadata.name', metadata.name, message),
    ),
    ...labelFaults(metadata.labels, 'metadata.labels'),
    ...annotationFaults(metadata.annotations),
    ...ownerFaults(metadata.ownerReferences ?? []),
    ...(metadata.finalizers ?? []).flatMap(finalizerFaults),
  ];
}

function annotationFaults(annotations: Record<string, string> | undefined): FieldFault[] {
  const entries = Object.entries(annotations ?? {});
  const sizeBytes = entries.reduce((sum, [key, value]) => sum + key.length + Buffer.byteLength(value), 0);
  const errors = entries.flatMap(([key]) =>
    qualifiedNameErrors(key.toLowerCase()).map((message) =>
      fieldFaults.invalid('metadata.annotations', key, message),
    ),
  );
  if (sizeBytes > ANNOTATION_BYTES_MAX) {
    errors.push({
      reason: 'FieldValueTooLong',
      field: 'metadata.annotations',
      message: `Too long: may not be more than ${ANNOTATION_BYTES_MAX} bytes`,
    });
  }
  return errors;
}

function ownerFaults(owners: readonly OwnerReference[]): FieldFault[] {
  const field = 'metadata.ownerReferences';
  const errors: FieldFault[] = [];
  for (const owner of owners) {
    for (const key of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (owner[key] === undefined || owner[key] === '') {
        const message = key === 'apiVersion' ? 'version must not be empty' : 'must not be empty';
        errors.push(fieldFaults.invalid(`${field}.${key}`, owner[key] ?? '', message));
      }
    }
  }
  const controllers = owners.filter((owner) => owner.controller === true);
  if (controllers.length > 1) {
    const [first, second] = controllers;
    errors.push(
      fieldFaults.invalid(
        field,
        owners,
        `Only one reference can have Controller set to true. Found "true" in references for ${first?.kind}/${first?.name} and ${second?.kind}/${second?.name}`,
      ),
    );
  }
  return errors;
}

function finalizerFaults(finalizer: string): FieldFault[] {
  return qualifiedNameErrors(finalizer).map((message) =>
    fieldFaults.invalid('metadata.finalizers', finalizer, message),
  );
}

/** What an update may not change. */
export function metaUpdateFaults(object: KubeObject, previous: KubeObject): FieldFault[] {
  const errors: FieldFault[] = [];
  for (const key of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const) {
    if (!jsonEqual(object.metadata[key], previous.metadata[key])) {
      errors.push(fieldFaults.invalid(`metadata.${key}`, object.metadata[key] ?? '', 'field is immutable'));
    }
  }
  if (previous.metadata.deletionTimestamp === undefined) return errors;
  const before = new Set(previous.metadata.finalizers);
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  if (added.length > 0) {
    const list = added.map((name) => JSON.stringify(name)).join(', ');
    errors.push(
      fieldFaults.forbidden(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
      ),
    );
  }
  return errors;
}
