// Every error that DynamoDB answers here, worded as AWS words it.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html and the errors of each operation;
// wordings as AWS answered in 2019-2026, quoted in public issues of SDKs and of the Terraform provider.
import { type Item, ItemLanguageError } from '@pergola/item-language';
import type { Json } from '@pergola/kernel';
import { AwsFault, DetailedFault } from '../../fault.ts';

const fault = (code: string) => (message: string) => new AwsFault(code, 400, message);
const validation = fault('ValidationException');
const notFound = fault('ResourceNotFoundException');
const inUse = fault('ResourceInUseException');
const limit = fault('LimitExceededException');
const invalid = (problem: string) => validation(`One or more parameter values were invalid: ${problem}`);

export const faults = {
  validation,
  /** "One or more parameter values were invalid: …" */
  invalid,
  notFound,
  inUse,
  limit,
  /** "1 validation error detected: …" for what the model's constraints do not say. */
  constraint: (shown: string, path: string, rule: string) =>
    validation(
      `1 validation error detected: Value '${shown}' at '${path}' failed to satisfy constraint: ${rule}`,
    ),
  notImplemented: (what: string) =>
    new AwsFault('NotImplementedException', 501, `${what} is not implemented by this endpoint.`),

  // Names.
  badName: (path: string, name: string) =>
    validation(
      `1 validation error detected: Value '${name}' at '${path}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    ),
  tableNameLength: () =>
    validation('TableName must be at least 3 characters long and at most 255 characters long'),
  invalidTableArn: (arn: string) => validation(`Invalid TableArn: ${arn}`),
  accessToOtherRegion: (arn: string) =>
    validation(`Invalid TableArn: The region of the provided ARN is not that of this endpoint: ${arn}`),

  // Tables.
  noSuchTable: (name: string) => notFound(`Requested resource not found: Table: ${name} not found`),
  /** The data operations do not say which. */
  noSuchResource: () => notFound('Requested resource not found'),
  noSuchArn: (arn: string) => notFound(`Requested resource not found: ResourcArn: ${arn} not found`),
  tableNotFound: (name: string) => fault('TableNotFoundException')(`Table not found: ${name}`),
  tableExists: (name: string) => inUse(`Table already exists: ${name}`),
  restoreTargetExists: (name: string) =>
    fault('TableAlreadyExistsException')(`Table already exists: ${name}`),
  tableBusy: (name: string) =>
    inUse(`Attempt to change a resource which is still in use: Table is being updated: ${name}`),
  protected: () =>
    validation(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    ),
  noSuchIndex: (name: string) => validation(`The table does not have the specified index: ${name}`),

  // Items.
  keyMismatch: () => validation('The provided key element does not match the schema'),
  itemTooLarge: () => validation('Item size has exceeded the maximum allowed size'),
  updatedItemTooLarge: () => validation('Item size to update has exceeded the maximum allowed size'),
  conditionFailed: (item: Item | undefined) =>
    new DetailedFault(
      'ConditionalCheckFailedException',
      'The conditional request failed',
      item ? { Item: wireJson(item) } : {},
    ),
};

/** Runs `work` and says what the language complains about as DynamoDB says it. */
export function speaking<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw spoken(error);
  }
}

export function spoken(error: unknown): unknown {
  return error instanceof ItemLanguageError ? validation(error.message) : error;
}

/** Values as JSON has them: bytes in base64. */
export function wireJson(value: unknown): Json {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(wireJson);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wireJson(member)]));
}
