// The rules that ListOptions must obey together, as k8s.io/apimachinery/.../meta/internalversion/validation words them.
import { type FieldFault, faults, fieldFaults } from '../faults.ts';
import type { ListOptions } from './options.ts';

/** Throws the 422 Status when the options contradict each other. */
export function assertListOptions(options: ListOptions, isWatch: boolean): void {
  const errors = isWatch ? watchErrors(options) : listErrors(options);
  if (errors.length > 0) throw faults.invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

function watchErrors(options: ListOptions): FieldFault[] {
  const { resourceVersionMatch: match, sendInitialEvents } = options;
  if (sendInitialEvents === undefined) {
    return match === ''
      ? []
      : [fieldFaults.forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch')];
  }
  const errors: FieldFault[] = [];
  if (match !== 'NotOlderThan') {
    errors.push(
      fieldFaults.forbidden(
        'resourceVersionMatch',
        `sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`,
      ),
    );
  }
  if (sendInitialEvents && !options.allowWatchBookmarks) {
    errors.push(
      fieldFaults.forbidden('allowWatchBookmarks', 'sendInitialEvents requires allowWatchBookmarks'),
    );
  }
  return errors;
}

function listErrors(options: ListOptions): FieldFault[] {
  const { resourceVersionMatch: match, resourceVersion, continueToken } = options;
  const errors: FieldFault[] = [];
  const matchField = 'resourceVersionMatch';
  if (options.sendInitialEvents !== undefined) {
    errors.push(fieldFaults.forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (match === '') return errors;
  if (continueToken !== '') {
    errors.push(
      fieldFaults.forbidden(matchField, 'resourceVersionMatch is forbidden when continue is provided'),
    );
  }
  if (resourceVersion === '') {
    errors.push(
      fieldFaults.forbidden(
        matchField,
        'resourceVersionMatch is forbidden unless resourceVersion is provided',
      ),
    );
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    errors.push(fieldFaults.unsupported(matchField, match, ['Exact', 'NotOlderThan', '']));
  }
  if (match === 'Exact' && resourceVersion === '0') {
    errors.push(
      fieldFaults.forbidden(matchField, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
    );
  }
  return errors;
}
