// Every error that S3 answers here, in S3's own words and fields.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; wordings as AWS answered in 2024-2026.
import { AwsFault, HeadedFault } from '../../fault.ts';

type Fields = Readonly<Record<string, string>>;

const badRequest = (code: string, message: string, fields: Fields = {}) =>
  new AwsFault(code, 400, message, fields);
const notFound = (code: string, message: string, fields: Fields = {}) =>
  new AwsFault(code, 404, message, fields);
const conflict = (code: string, message: string, fields: Fields = {}) =>
  new AwsFault(code, 409, message, fields);

export const faults = {
  // Buckets.
  noSuchBucket: (BucketName: string) =>
    notFound('NoSuchBucket', 'The specified bucket does not exist', { BucketName }),
  bucketAlreadyOwnedByYou: (BucketName: string) =>
    conflict(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName },
    ),
  bucketAlreadyExists: (BucketName: string) =>
    conflict(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      { BucketName },
    ),
  bucketNotEmpty: ({
    name,
    versioning,
  }: {
    readonly name: string;
    readonly versioning?: string | undefined;
  }) =>
    conflict(
      'BucketNotEmpty',
      versioning === undefined
        ? 'The bucket you tried to delete is not empty'
        : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
      { BucketName: name },
    ),
  invalidBucketName: (BucketName: string) =>
    badRequest('InvalidBucketName', 'The specified bucket is not valid.', { BucketName }),
  invalidLocationConstraint: (LocationConstraint: string) =>
    badRequest('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      LocationConstraint,
    }),
  illegalLocationConstraint: (constraint: string) =>
    badRequest(
      'IllegalLocationConstraintException',
      `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    ),
  aclNotSupported: () => badRequest('AccessControlListNotSupported', 'The bucket does not allow ACLs'),

  // Policies.
  noSuchBucketPolicy: (BucketName: string) =>
    notFound('NoSuchBucketPolicy', 'The bucket policy does not exist', { BucketName }),
  malformedPolicy: (message: string, Detail?: string) =>
    badRequest('MalformedPolicy', message, Detail === undefined ? {} : { Detail }),
  publicPolicyBlocked: (callerArn: string, bucketArn: string) =>
    new AwsFault(
      'AccessDenied',
      403,
      `User: ${callerArn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    ),
  accessDenied: (message = 'Access Denied') => new AwsFault('AccessDenied', 403, message),

  // Configurations that a bucket may lack.
  noSuchTagSet: (BucketName: string) => notFound('NoSuchTagSet', 'The TagSet does not exist', { BucketName }),
  noSuchPublicAccessBlock: (BucketName: string) =>
    notFound('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', {
      BucketName,
    }),
  noSuchConfiguration: () => notFound('NoSuchConfiguration', 'The specified configuration does not exist.'),
  tooManyConfigurations: () =>
    badRequest(
      'TooManyConfigurations',
      'You are attempting to create a new configuration but have already reached the 1,000-configuration limit.',
    ),
  ownershipControlsNotFound: (BucketName: string) =>
    notFound('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', {
      BucketName,
    }),

  // Objects.
  noSuchKey: (Key: string) => notFound('NoSuchKey', 'The specified key does not exist.', { Key }),
  noSuchVersion: (Key: string, VersionId: string) =>
    notFound('NoSuchVersion', 'The specified version does not exist.', { Key, VersionId }),
  /** The newest version is a delete marker. */
  deletedKey: (Key: string, versionId: string) =>
    new HeadedFault(notFound('NoSuchKey', 'The specified key does not exist.', { Key }), {
      'x-amz-delete-marker': 'true',
      'x-amz-version-id': versionId,
    }),
  /** A delete marker can only be deleted. */
  methodOnMarker: (versionId: string, modifiedMs: number) =>
    new HeadedFault(
      new AwsFault('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
        ResourceType: 'DeleteMarker',
      }),
      {
        allow: 'DELETE',
        'last-modified': new Date(modifiedMs).toUTCString(),
        'x-amz-delete-marker': 'true',
        'x-amz-version-id': versionId,
      },
    ),
  keyTooLong: (sizeBytes: number) =>
    badRequest('KeyTooLongError', 'Your key is too long', {
      Size: String(sizeBytes),
      MaxSizeAllowed: '1024',
    }),
  metadataTooLarge: (sizeBytes: number) =>
    badRequest('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(sizeBytes),
      MaxSizeAllowed: '2048',
    }),
  invalidStorageClass: (StorageClassRequested: string) =>
    badRequest('InvalidStorageClass', 'The storage class you specified is not valid', {
      StorageClassRequested,
    }),
  invalidRange: (RangeRequested: string, sizeBytes: number) =>
    new AwsFault('InvalidRange', 416, 'The requested range is not satisfiable', {
      RangeRequested,
      ActualObjectSize: String(sizeBytes),
    }),
  invalidPartNumber: (PartNumberRequested: number, partsCount: number) =>
    new AwsFault('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      ActualPartCount: String(partsCount),
      PartNumberRequested: String(PartNumberRequested),
    }),
  preconditionFailed: (Condition: string) =>
    new AwsFault('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
      Condition,
    }),
  /** A 304 has no body; the encode stage sends the fields as headers (RFC 9110 §15.4.5). */
  notModified: (etag: string, modifiedMs: number) =>
    new AwsFault('NotModified', 304, 'Not Modified', {
      ETag: `"${etag}"`,
      'Last-Modified': new Date(modifiedMs).toUTCString(),
    }),
  entityTooLarge: (ProposedSize: number, MaxSizeAllowed: number) =>
    badRequest('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: String(ProposedSize),
      MaxSizeAllowed: String(MaxSizeAllowed),
    }),
  missingContentLength: () =>
    new AwsFault('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.'),
  badChecksum: (algorithm: string) =>
    badRequest('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`),

  // Multipart uploads.
  noSuchUpload: (UploadId: string) =>
    notFound(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { UploadId },
    ),
  invalidPart: (UploadId: string, PartNumber: number, ETag: string) =>
    badRequest(
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { UploadId, PartNumber: String(PartNumber), ETag },
    ),
  invalidPartOrder: (UploadId: string) =>
    badRequest(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
      { UploadId },
    ),
  entityTooSmall: (part: { readonly etag: string; readonly number: number; readonly sizeBytes: number }) =>
    badRequest('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(part.sizeBytes),
      MinSizeAllowed: '5242880',
      PartNumber: String(part.number),
      ETag: part.etag,
    }),

  // Requests.
  malformedXml: () =>
    badRequest(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    ),
  illegalVersioning: (message: string) => badRequest('IllegalVersioningConfigurationException', message),
  invalidArgument: (message: string, ArgumentName: string, ArgumentValue: string) =>
    badRequest('InvalidArgument', message, { ArgumentName, ArgumentValue }),
  invalidRequest: (message: string) => badRequest('InvalidRequest', message),
  invalidTag: (message: string, fields: Fields = {}) => badRequest('InvalidTag', message, fields),
  /** S3's own answer to a header whose feature it does not have; here also for what this service lacks. */
  notImplemented: (what: string) => new AwsFault('NotImplemented', 501, `${what} is not implemented.`),
  headerNotImplemented: (Header: string, because = '') =>
    new AwsFault(
      'NotImplemented',
      501,
      `A header you provided implies functionality that is not implemented${because && `: ${because}`}`,
      { Header },
    ),
} as const;
