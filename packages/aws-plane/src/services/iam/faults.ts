// Every error that IAM answers here, worded as AWS words it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and the errors of each operation.
import { AwsFault } from '../../fault.ts';

const noSuchEntity = (message: string) => new AwsFault('NoSuchEntity', 404, message);
const alreadyExists = (message: string) => new AwsFault('EntityAlreadyExists', 409, message);
const deleteConflict = (message: string) => new AwsFault('DeleteConflict', 409, message);
const invalidInput = (message: string) => new AwsFault('InvalidInput', 400, message);
const limitExceeded = (message: string) => new AwsFault('LimitExceeded', 409, message);

/** What policies can be attached to. */
export type Owner = 'role' | 'user' | 'group';

export const faults = {
  noSuchIdentity: (owner: Owner, name: string) =>
    noSuchEntity(`The ${owner} with name ${name} cannot be found.`),
  noSuchPolicy: (arn: string) => noSuchEntity(`Policy ${arn} does not exist or is not attachable.`),
  noSuchBoundary: (arn: string) => noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`),
  policyNotFound: (arn: string) => noSuchEntity(`Policy ${arn} was not found.`),
  noSuchPolicyVersion: (arn: string, version: string) =>
    noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`),
  noSuchInlinePolicy: (owner: Owner, policy: string) =>
    noSuchEntity(`The ${owner} policy with name ${policy} cannot be found.`),
  notAttached: (arn: string) => noSuchEntity(`Policy ${arn} was not found.`),
  noSuchAccessKey: (id: string) => noSuchEntity(`The Access Key with id ${id} cannot be found.`),
  noSuchProvider: (arn: string) => noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`),
  noSuchAlias: (alias: string) => noSuchEntity(`The account alias ${alias} cannot be found.`),
  noSuchInstanceProfile: (name: string) => noSuchEntity(`Instance Profile ${name} cannot be found.`),
  roleNotInProfile: (role: string, profile: string) =>
    noSuchEntity(`Role ${role} in Instance Profile ${profile} cannot be found.`),
  noSuchDeletionTask: (id: string) => noSuchEntity(`Deletion task ${id} cannot be found.`),
  noLoginProfile: (user: string) => noSuchEntity(`Login Profile for User ${user} cannot be found.`),
  noPasswordPolicy: (account: string) =>
    noSuchEntity(`The Password Policy with domain name ${account} cannot be found.`),

  exists: (owner: 'Role' | 'User' | 'Group', name: string) =>
    alreadyExists(`${owner} with name ${name} already exists.`),
  policyExists: (name: string) =>
    alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`),
  instanceProfileExists: (name: string) => alreadyExists(`Instance Profile ${name} already exists.`),
  providerExists: (url: string) => alreadyExists(`Provider with url ${url} already exists.`),

  mustDetachFirst: () => deleteConflict('Cannot delete entity, must detach all policies first.'),
  mustDeleteInlineFirst: () => deleteConflict('Cannot delete entity, must delete policies first.'),
  mustDeleteKeysFirst: () => deleteConflict('Cannot delete entity, must delete access keys first.'),
  mustLeaveGroupsFirst: () => deleteConflict('Cannot delete entity, must remove users from group first.'),
  mustLeaveProfilesFirst: () =>
    deleteConflict('Cannot delete entity, must remove roles from instance profile first.'),
  mustDeleteVersionsFirst: () =>
    deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    ),
  policyAttached: () => deleteConflict('Cannot delete a policy attached to entities.'),
  defaultVersion: () => deleteConflict('Cannot delete the default version of a policy.'),

  malformedPolicy: (message: string) => new AwsFault('MalformedPolicyDocument', 400, message),
  invalidInput,
  invalidArn: (arn: string) => invalidInput(`ARN ${arn} is not valid.`),
  validation: (message: string) => new AwsFault('ValidationError', 400, message),
  mustNameUser: () =>
    new AwsFault('ValidationError', 400, 'Must specify userName when calling with non-User credentials'),
  awsManaged: () => new AwsFault('AccessDenied', 403, 'Policy is outside your own account.'),

  /** A role that only the service that it belongs to may change. */
  protectedRole: (name: string) =>
    new AwsFault(
      'UnmodifiableEntity',
      400,
      `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
    ),
  reservedPath: (path: string) => invalidInput(`Path ${path} is reserved for service-linked roles.`),
  noLinkedRole: (service: string) =>
    invalidInput(`Service ${service} does not have a service-linked role that is known to this endpoint.`),
  noSuffix: (service: string) => invalidInput(`Custom suffix is not allowed for ${service}`),
  linkedRoleTaken: (name: string) =>
    invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`),
  notLinkedRole: (name: string) => invalidInput(`Role ${name} is not a service-linked role.`),

  quota: (noun: string, limit: number) => limitExceeded(`Cannot exceed quota for ${noun}: ${limit}`),
  inlineQuota: (owner: Owner, name: string, limit: number) =>
    limitExceeded(`Maximum policy size of ${limit} bytes exceeded for ${owner} ${name}`),
  versionQuota: (limit: number) =>
    limitExceeded(
      `A managed policy can have up to ${limit} versions. Before you create a new version, you must delete an existing version.`,
    ),
} as const;
