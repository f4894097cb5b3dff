// Every error that STS answers here. Codes and statuses: the STS API model; wordings as AWS answered in 2019-2026.
import { AwsFault } from '../../fault.ts';

const badRequest = (code: string, message: string) => new AwsFault(code, 400, message);
const invalidToken = (message: string) => badRequest('InvalidIdentityToken', message);

export const faults = {
  // Web identity tokens.
  notAJwt: () =>
    invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    ),
  missingClaim: (claim: string) => invalidToken(`Missing a required claim: ${claim}`),
  noProvider: (issuer: string) =>
    invalidToken(`No OpenIDConnect provider found in your account for ${issuer}`),
  noVerificationKey: () =>
    invalidToken(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    ),
  tokenNotValidated: () =>
    invalidToken(
      'The web identity token that was passed could not be validated by Amazon Web Services. Get a new identity token from the identity provider and then retry the request.',
    ),
  wrongAudience: () => invalidToken('Incorrect token audience'),
  providerUnreachable: () =>
    badRequest(
      'IDPCommunicationError',
      'The request could not be fulfilled because the identity provider (IDP) that was asked to verify the incoming identity token could not be reached.',
    ),
  /** Both in seconds since the epoch. */
  tokenExpired: (now: number, expiresAt: number) =>
    badRequest(
      'ExpiredTokenException',
      `Token expired: current date/time ${now} must be before the expiration date/time ${expiresAt}`,
    ),

  // Denials.
  notAuthorized: () =>
    new AwsFault('AccessDenied', 403, 'Not authorized to perform sts:AssumeRoleWithWebIdentity'),
  rootMayNotAssume: () => new AwsFault('AccessDenied', 403, 'Roles may not be assumed by root accounts.'),
  /** AWS denies it too; its wording is not known. */
  sourceIdentityChange: () =>
    new AwsFault('AccessDenied', 403, 'The source identity of the calling session cannot be changed.'),
  wrongMfa: () =>
    new AwsFault(
      'AccessDenied',
      403,
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    ),
  noSuchAccessKey: (accessKeyId: string) =>
    badRequest('ValidationError', `${accessKeyId} is not a valid access key ID`),

  // Requests.
  requestArnInvalid: () => badRequest('ValidationError', 'Request ARN is invalid'),
  arnInvalid: (arn: string) => badRequest('ValidationError', `${arn} is invalid`),
  durationOverRole: () =>
    badRequest(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ),
  durationOverChaining: () =>
    badRequest(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    ),
  duplicateTagKeys: () =>
    new AwsFault(
      'InvalidParameterValue',
      400,
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ),
  unknownTransitiveTag: () =>
    new AwsFault(
      'InvalidParameterValue',
      400,
      'The specified transitive tag key must be included in the requested tags.',
    ),
  transitiveTagChange: () =>
    new AwsFault(
      'InvalidParameterValue',
      400,
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    ),
  malformedPolicy: (message: string) => badRequest('MalformedPolicyDocument', message),
  packedPolicyTooLarge: (percent: number) =>
    badRequest(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    ),
} as const;
