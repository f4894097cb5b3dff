// Every error that Secrets Manager answers here, in its own words.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html and the errors of each operation;
// wordings as AWS answered in 2020-2026.
import { AwsFault } from '../../fault.ts';

const fault = (code: string, message: string) => new AwsFault(code, 400, message);
const invalidParameter = (message: string) => fault('InvalidParameterException', message);
const invalidRequest = (message: string) => fault('InvalidRequestException', message);
const notFound = (message: string) => fault('ResourceNotFoundException', message);
const exists = (message: string) => fault('ResourceExistsException', message);

export const faults = {
  invalidParameter,
  notImplemented: (what: string) => invalidRequest(`${what} is not implemented by this endpoint.`),

  // Secrets.
  noSuchSecret: () => notFound("Secrets Manager can't find the specified secret."),
  secretExists: (name: string) => exists(`The operation failed because the secret ${name} already exists.`),
  nameBeingDeleted: () =>
    invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    ),
  markedForDeletion: () =>
    invalidRequest("You can't perform this operation on the secret because it was marked for deletion."),
  alreadyDeleted: () =>
    invalidRequest(
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    ),
  ownedBy: (service: string) =>
    invalidRequest(`You can't modify this secret because it is managed by another service: ${service}.`),
  invalidName: () =>
    fault(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    ),
  reservedName: () =>
    invalidParameter(
      'Secret names that begin with the name of a service and ! are reserved for that service.',
    ),

  // Values and versions.
  needsValue: () => invalidParameter('You must provide either SecretString or SecretBinary.'),
  twoValues: () => invalidParameter("You can't specify both SecretString and SecretBinary."),
  noSuchStage: (stage: string) =>
    notFound(`Secrets Manager can't find the specified secret value for staging label: ${stage}`),
  noSuchVersion: (id: string) =>
    notFound(`Secrets Manager can't find the specified secret value for VersionId: ${id}`),
  stageNotOnVersion: () =>
    invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.'),
  versionIsFixed: () => exists("You can't modify an existing version, you can only create a new version."),
  tooManyStages: () =>
    fault('LimitExceededException', 'The secret has too many staging labels: a version has 20 at most.'),
  stageElsewhere: (stage: string, id: string) =>
    invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    ),
  stageNotAt: (stage: string, id: string) =>
    invalidParameter(`The staging label ${stage} is not attached to version ${id}.`),
  currentStays: () =>
    invalidParameter(
      "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
    ),

  // Deletion.
  windowRange: () =>
    invalidParameter('RecoveryWindowInDays value must be between 7 and 30 days (inclusive).'),
  windowAndForce: () =>
    invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."),

  // Encryption.
  kmsDenied: () => fault('AccessDeniedException', 'Access to KMS is not allowed'),
  encryption: () =>
    fault(
      'EncryptionFailure',
      "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state.",
    ),
  decryption: () =>
    fault(
      'DecryptionFailure',
      "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
    ),

  // Policies, tags, lists.
  malformedPolicy: (why: string) => fault('MalformedPolicyDocumentException', why),
  publicPolicy: () =>
    fault(
      'PublicPolicyException',
      'You cannot use a resource-based policy that grants broad access to the secret while BlockPublicPolicy is set.',
    ),
  invalidTag: (why: string) => invalidParameter(why),
  tooManyTags: () => invalidParameter('The secret has too many tags. The limit is 50.'),
  invalidToken: () => fault('InvalidNextTokenException', 'The NextToken value is invalid.'),
  passwordTooShort: () => invalidParameter('Password length is too short based on the required types.'),
  nothingToDrawFrom: () =>
    invalidParameter('The password has no characters to be made of: everything is excluded.'),
} as const;
