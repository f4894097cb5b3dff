// Every error that CloudWatch Logs answers here, worded as AWS words it.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html and the errors of each
// operation; wordings as AWS answered in 2020-2026.
import type { QuerySyntaxError } from '@pergola/log-language';
import { AwsFault, DetailedFault } from '../../fault.ts';
import type { GroupName } from './arn.ts';

const invalidParameter = (message: string) => new AwsFault('InvalidParameterException', 400, message);
const notFound = (message: string) => new AwsFault('ResourceNotFoundException', 400, message);
const alreadyExists = (message: string) => new AwsFault('ResourceAlreadyExistsException', 400, message);
const limitExceeded = (message: string) => new AwsFault('LimitExceededException', 400, message);
const invalidOperation = (message: string) => new AwsFault('InvalidOperationException', 400, message);
const validation = (message: string) => new AwsFault('ValidationException', 400, message);

export const faults = {
  invalidParameter,
  validation,
  notFound,
  alreadyExists,
  limitExceeded,
  invalidOperation,

  // Groups and streams.
  noSuchGroup: () => notFound('The specified log group does not exist.'),
  noSuchStream: () => notFound('The specified log stream does not exist.'),
  noSuchResource: () => notFound('The specified resource does not exist.'),
  groupExists: () => alreadyExists('The specified log group already exists'),
  streamExists: () => alreadyExists('The specified log stream already exists'),
  reservedName: () => invalidParameter('Log groups starting with AWS/ are reserved for AWS.'),
  invalidArn: () => invalidParameter('Invalid ARN.'),
  deletionProtected: () =>
    validation(
      'Cannot delete log group with deletion protection enabled. Disable deletion protection first.',
    ),
  streamProtected: () =>
    validation(
      'Cannot delete log stream of a log group with deletion protection enabled. Disable deletion protection first.',
    ),
  /** The reason says already that it is about a filter pattern. */
  invalidPattern: (reason: string) => invalidParameter(reason),
  needsGroup: () => invalidParameter('Exactly one of logGroupName and logGroupIdentifier must be specified.'),
  notAmong: (member: string, value: number, allowed: readonly number[]) =>
    invalidParameter(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
    ),
  fixedRetention: () =>
    invalidParameter('The retention policy of a log group of the Delivery class cannot be changed.'),
  invalidToken: () => invalidParameter('The specified nextToken is invalid.'),
  taggedCreation: (account: string) =>
    new AwsFault(
      'AccessDeniedException',
      400,
      `User with accountId: ${account} is not authorized to perform CreateLogGroup with Tags. An additional permission "logs:TagResource" is required.`,
    ),
  tooManyTags: (resourceName: string) =>
    new AwsFault('TooManyTagsException', 400, 'The resource has too many tags. The limit is 50.', {
      resourceName,
    }),

  // Batches of events.
  uploadTooLarge: (sizeBytes: number, limitBytes: number) =>
    invalidParameter(`Upload too large: ${sizeBytes} bytes exceeds limit of ${limitBytes}`),
  eventTooLarge: (sizeBytes: number, limitBytes: number) =>
    invalidParameter(`Log event too large: ${sizeBytes} bytes exceeds limit of ${limitBytes}`),
  negative: (member: string, value: number) =>
    invalidParameter(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value greater than or equal to 0`,
    ),
  notChronological: () =>
    invalidParameter('Log events in a single PutLogEvents request must be in chronological order.'),
  spanTooLong: () =>
    invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    ),

  unavailable: () =>
    new AwsFault('ServiceUnavailableException', 503, 'The service cannot complete the request.'),

  // Queries.
  malformedQuery: ({ message, offset, endOffset }: QuerySyntaxError) =>
    new DetailedFault('MalformedQueryException', message, {
      queryCompileError: { location: { startCharOffset: offset, endCharOffset: endOffset }, message },
    }),
  noSuchQuery: () => notFound('The specified query does not exist.'),
  queryNotRunning: () => invalidParameter('The specified query is not running.'),
  noSuchQueriedGroup: ({ account, name }: GroupName) =>
    notFound(`Log group '${name}' does not exist for account ID '${account}'`),
  needsQueriedGroups: () =>
    invalidParameter(
      'A log group must be specified with logGroupName, logGroupNames or logGroupIdentifiers.',
    ),
  ambiguousGroups: () =>
    invalidParameter('Only one of logGroupName, logGroupNames and logGroupIdentifiers may be specified.'),
  tooManyQueried: (limit: number) => invalidParameter(`A query can scan at most ${limit} log groups.`),
  tooManyQueries: (limit: number) =>
    limitExceeded(`Account maximum query concurrency limit of [${limit}] reached.`),
  classRefuses: (what: string, groupClass: string) =>
    invalidParameter(`Log groups of the class ${groupClass} do not support ${what}.`),
  noSuchRecord: () => notFound('The specified log record does not exist.'),
  invalidPointer: () => invalidParameter('The specified log record pointer is invalid.'),
  noSuchDefinition: () => notFound('The specified query definition does not exist.'),

  // Filters.
  noSuchMetricFilter: () => notFound('The specified metric filter does not exist.'),
  noSuchSubscriptionFilter: () => notFound('The specified subscription filter does not exist.'),
  resourceLimit: (why?: string) =>
    limitExceeded(why === undefined ? 'Resource limit exceeded.' : `Resource limit exceeded: ${why}`),

  // Resource policies.
  noSuchPolicy: (name: string) => notFound(`Policy with name [${name}] does not exist`),
  revisionConflict: () =>
    new AwsFault(
      'OperationAbortedException',
      400,
      'The resource policy was changed by another request: its revision id is not the expected one.',
    ),

  // Exports.
  noSuchExport: () => notFound('The specified export task does not exist.'),
  exportEnded: () => invalidOperation('The specified export task has already ended.'),
  noSuchExportBucket: () =>
    invalidParameter('The given bucket does not exist. Please verify the bucket name.'),
  bucketRefuses: (operation: string) =>
    invalidParameter(
      `${operation} call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.`,
    ),

  // What this endpoint does not do, although AWS does.
  notImplemented: (what: string) => invalidParameter(`${what} is not implemented by this endpoint.`),
} as const;
