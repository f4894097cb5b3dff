// Every error that KMS answers here, in KMS's own words. All of them have status 400, whatever their names suggest.
// https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html and the errors of each operation.
import { AwsFault } from '../../fault.ts';

const fault = (code: string, message: string) => new AwsFault(code, 400, message);
const notFound = (message: string) => fault('NotFoundException', message);
const validation = (message: string) => fault('ValidationException', message);
const unsupported = (message: string) => fault('UnsupportedOperationException', message);

export const faults = {
  validation,
  notImplemented: (what: string) => unsupported(`${what} is not implemented by this endpoint.`),

  // Names.
  noSuchKey: (arn: string) => notFound(`Key '${arn}' does not exist`),
  noSuchAlias: (arn: string) => notFound(`Alias ${arn} is not found.`),
  invalidKeyId: (id: string) => notFound(`Invalid keyId '${id}'`),
  otherRegion: (region: string) => notFound(`Invalid arn ${region}`),
  invalidAlias: (why: string) => fault('InvalidAliasNameException', why),
  reservedAlias: () => fault('NotAuthorizedException', ''),
  aliasExists: (arn: string) =>
    fault('AlreadyExistsException', `An alias with the name ${arn} already exists`),
  aliasOfManagedKey: () => fault('NotAuthorizedException', ''),

  // States.
  disabled: (arn: string) => fault('DisabledException', `${arn} is disabled.`),
  pendingDeletion: (arn: string) => fault('KMSInvalidStateException', `${arn} is pending deletion.`),
  notPendingDeletion: (arn: string) => fault('KMSInvalidStateException', `${arn} is not pending deletion.`),
  managedKey: (what: string) =>
    fault('AccessDeniedException', `${what} is not allowed on a key that AWS manages.`),

  // Policies, tags, lists.
  malformedPolicy: (why: string) => fault('MalformedPolicyDocumentException', why),
  noSuchPolicy: () => notFound('No such policy exists'),
  lockout: () =>
    fault(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
    ),
  invalidTag: (why: string) => fault('TagException', why),
  tooManyTags: () => fault('LimitExceededException', 'The number of tags exceeds the limit of 50.'),
  tooManyRotations: () =>
    fault('LimitExceededException', 'The number of on-demand rotations exceeds the limit of 10.'),
  tooManyAliases: () =>
    fault('LimitExceededException', 'The number of aliases of a key exceeds the limit of 50.'),
  invalidMarker: () => fault('InvalidMarkerException', 'Invalid marker.'),

  // Cryptography.
  invalidCiphertext: () => fault('InvalidCiphertextException', ''),
  incorrectKey: () =>
    fault(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    ),
  unreachableKey: () =>
    fault(
      'AccessDeniedException',
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    ),
  eitherSize: () => validation('Please specify either number of bytes or key spec.'),
  invalidGrantToken: () => fault('InvalidGrantTokenException', 'Invalid grant token.'),
  dryRun: () =>
    new AwsFault(
      'DryRunOperationException',
      412,
      'The request would have succeeded, but the DryRun option is set.',
    ),
} as const;
