// The query parameters of writes and lists: CreateOptions, UpdateOptions, PatchOptions, ListOptions.
import type { Call } from '../contract.ts';
import { faults, fieldFaults } from '../faults.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  /** As sent; '' when the client named none. */
  readonly namedManager: string;
  readonly fieldValidation: FieldValidation;
  readonly force: boolean | undefined;
}

const FIELD_VALIDATIONS: readonly string[] = ['', 'Ignore', 'Warn', 'Strict'];
const MANAGER_LENGTH_MAX = 128;

/** Throws 422 for values that the kind of options does not allow. */
export function writeOptionsOf(call: Call, kind: string): WriteOptions {
  const { query } = call;
  const dryRuns = query.getAll('dryRun').filter((value) => value !== '');
  const fieldValidation = query.get('fieldValidation') ?? '';
  const namedManager = query.get('fieldManager') ?? '';
  const errors = [
    ...dryRuns
      .filter((value) => value !== 'All')
      .map((value) => fieldFaults.unsupported('dryRun', value, ['All'])),
    ...(FIELD_VALIDATIONS.includes(fieldValidation)
      ? []
      : [fieldFaults.unsupported('fieldValidation', fieldValidation, FIELD_VALIDATIONS)]),
    ...(namedManager.length > MANAGER_LENGTH_MAX
      ? [
          {
            reason: 'FieldValueTooLong',
            field: 'fieldManager',
            message: `Too long: may not be more than ${MANAGER_LENGTH_MAX} bytes`,
          },
        ]
      : []),
  ];
  if (errors.length > 0) throw faults.invalid({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    dryRun: dryRuns.length > 0,
    namedManager,
    fieldManager: namedManager === '' ? managerOf(call.headers['user-agent']) : namedManager,
    fieldValidation: fieldValidation === '' ? 'Warn' : (fieldValidation as FieldValidation),
    force: query.has('force') ? query.get('force') === 'true' : undefined,
  };
}

/** The part of the User-Agent before the first slash. */
function managerOf(userAgent: string | undefined): string {
  const name = (userAgent ?? '').split('/')[0] ?? '';
  return (name === '' ? 'unknown' : name).slice(0, MANAGER_LENGTH_MAX);
}

export interface ListOptions {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly limit: number;
  readonly continueToken: string;
  readonly timeoutSeconds: number | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

/** Throws 400 for numbers that are none. */
export function listOptionsOf(call: Call): ListOptions {
  const { query } = call;
  return {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    limit: integer(query.get('limit')) ?? 0,
    continueToken: query.get('continue') ?? '',
    timeoutSeconds: integer(query.get('timeoutSeconds')),
    allowWatchBookmarks: boolean(query.get('allowWatchBookmarks')) ?? false,
    sendInitialEvents: boolean(query.get('sendInitialEvents')),
  };
}

function integer(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^-?\d{1,15}$/.test(text)) {
    throw faults.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

function boolean(text: string | null): boolean | undefined {
  if (text === null) return undefined;
  return text !== 'false' && text !== '0';
}

/** Reads a resourceVersion; throws 400 unless it is '' or a whole number. */
export function parseResourceVersion(text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw faults.badRequest(
      `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Number(text);
}
