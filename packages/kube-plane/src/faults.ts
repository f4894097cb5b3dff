// The catalogue of failure answers: one function a row, worded as k8s.io/apimachinery/pkg/api/errors does.
import { KubeStatus, type StatusCause } from './kube-status.ts';

/** A resource as error messages name it: `configmaps`, `deployments.apps`. */
export interface ResourceName {
  readonly group: string;
  /** The plural. */
  readonly resource: string;
}

/** A kind as validation errors name it: `ConfigMap`, `Deployment.apps`. */
export interface KindName {
  readonly group: string;
  readonly kind: string;
}

/** One validation failure, ready to be worded: `field: message`. */
export interface FieldFault {
  /** The StatusCause reason, e.g. `FieldValueInvalid`. */
  readonly reason: string;
  readonly field: string;
  /** Without the field, e.g. `Required value`. */
  readonly message: string;
}

export function qualifiedName(name: ResourceName): string {
  return name.group === '' ? name.resource : `${name.resource}.${name.group}`;
}

function details(name: ResourceName, object: string) {
  return { name: object, ...(name.group === '' ? {} : { group: name.group }), kind: name.resource };
}

export const faults = {
  notFound: (name: ResourceName, object: string) =>
    new KubeStatus(404, 'NotFound', `${qualifiedName(name)} "${object}" not found`, details(name, object)),

  /** No such path, group, version or resource. */
  noSuchResource: () =>
    new KubeStatus(404, 'NotFound', 'the server could not find the requested resource', {}),

  alreadyExists: (name: ResourceName, object: string) =>
    new KubeStatus(
      409,
      'AlreadyExists',
      `${qualifiedName(name)} "${object}" already exists`,
      details(name, object),
    ),

  conflict: (name: ResourceName, object: string, why: string) =>
    new KubeStatus(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${qualifiedName(name)} "${object}": ${why}`,
      details(name, object),
    ),

  staleWrite: (name: ResourceName, object: string) =>
    faults.conflict(
      name,
      object,
      'the object has been modified; please apply your changes to the latest version and try again',
    ),

  invalid(kind: KindName, object: string, errors: readonly FieldFault[]): KubeStatus {
    const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
    const sentences = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
    const list = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`;
    return new KubeStatus(422, 'Invalid', `${qualified} "${object}" is invalid: ${list}`, {
      name: object,
      ...(kind.group === '' ? {} : { group: kind.group }),
      kind: kind.kind,
      causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
    });
  },

  forbidden(name: ResourceName, object: string, why: string, causes?: readonly StatusCause[]): KubeStatus {
    const subject = object === '' ? qualifiedName(name) : `${qualifiedName(name)} "${object}"`;
    return new KubeStatus(403, 'Forbidden', `${subject} is forbidden: ${why}`, {
      ...(object === '' ? {} : { name: object }),
      ...(name.group === '' ? {} : { group: name.group }),
      ...(name.resource === '' ? {} : { kind: name.resource }),
      ...(causes ? { causes } : {}),
    });
  },

  /** A path outside the API groups that the user may not read. */
  forbiddenPath: (why: string) => new KubeStatus(403, 'Forbidden', `forbidden: ${why}`, {}),

  unauthorized: () => new KubeStatus(401, 'Unauthorized', 'Unauthorized'),

  badRequest: (message: string) => new KubeStatus(400, 'BadRequest', message),

  methodNotSupported: (name: ResourceName, action: string) =>
    new KubeStatus(
      405,
      'MethodNotAllowed',
      `${action} is not supported on resources of kind "${qualifiedName(name)}"`,
      { ...(name.group === '' ? {} : { group: name.group }), kind: name.resource },
    ),

  notAcceptable: (types: readonly string[]) =>
    new KubeStatus(406, 'NotAcceptable', `only the following media types are accepted: ${types.join(', ')}`),

  unsupportedMediaType: (types: readonly string[]) =>
    new KubeStatus(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
    ),

  entityTooLarge: (limitBytes: number) =>
    new KubeStatus(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`),

  expired: (message: string) => new KubeStatus(410, 'Expired', message),

  /** A page of a list whose revision is forgotten; `inconsistent` goes on from now. */
  expiredContinue(inconsistent: string): KubeStatus {
    const status = faults.expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    );
    return status.withContinue(inconsistent);
  },

  tooLargeResourceVersion: (wanted: number, current: number) =>
    new KubeStatus(504, 'Timeout', `Too large resource version: ${wanted}, current: ${current}`, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    }),

  tooManyRequests: (message: string, retryAfterSeconds: number, causes?: readonly StatusCause[]) =>
    new KubeStatus(429, 'TooManyRequests', message, { retryAfterSeconds, ...(causes ? { causes } : {}) }),

  internal: (message: string) =>
    new KubeStatus(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] }),

  /** A part of the API that this server does not have yet; always says which. */
  notImplemented: (what: string) => new KubeStatus(501, 'NotImplemented', `not implemented: ${what}`),

  serviceUnavailable: (message: string) => new KubeStatus(503, 'ServiceUnavailable', message),
};

/** Rows for `faults.invalid`, worded as k8s.io/apimachinery/pkg/util/validation/field does. */
export const fieldFaults = {
  required: (field: string, detail = ''): FieldFault => ({
    reason: 'FieldValueRequired',
    field,
    message: detail === '' ? 'Required value' : `Required value: ${detail}`,
  }),
  invalid: (field: string, value: unknown, detail: string): FieldFault => ({
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${renderValue(value)}: ${detail}`,
  }),
  unsupported: (field: string, value: unknown, supported: readonly string[]): FieldFault => ({
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${renderValue(value)}: supported values: ${supported.map((s) => JSON.stringify(s)).join(', ')}`,
  }),
  forbidden: (field: string, detail: string): FieldFault => ({
    reason: 'FieldValueForbidden',
    field,
    message: `Forbidden: ${detail}`,
  }),
  duplicate: (field: string, value: unknown): FieldFault => ({
    reason: 'FieldValueDuplicate',
    field,
    message: `Duplicate value: ${renderValue(value)}`,
  }),
  notFound: (field: string, value: unknown): FieldFault => ({
    reason: 'FieldValueNotFound',
    field,
    message: `Not found: ${renderValue(value)}`,
  }),
};

function renderValue(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}
