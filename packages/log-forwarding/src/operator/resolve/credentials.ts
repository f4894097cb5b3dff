// Who an output signs in as: found in Secrets, handed to the collector as a role or as paths of files.
import type { AssumeRoleConfig, AuthenticationConfig } from '../../config/collector-config.ts';
import { collectorPaths } from '../../config/collector-places.ts';
import { roleArnIn } from '../role-arn.ts';
import { type Authentication, assumeRoleOf, type SecretKey } from '../spec/forwarder-spec.ts';
import { pathOfKey } from './mounted-keys.ts';

/** The decoded text of a key of a Secret; undefined when either is absent. */
export type SecretReader = (name: string, key: string) => string | undefined;

/** Keys of a Secret that logging.openshift.io looks at. */
export const legacyKeys = {
  role: 'role_arn',
  credentials: 'credentials',
  keyId: 'aws_access_key_id',
  keySecret: 'aws_secret_access_key',
  token: 'token',
  caBundle: 'ca-bundle.crt',
} as const;

/** The role that a Secret names, whichever of the two keys it uses; `credentials` may be a whole AWS configuration. */
export function legacyRoleArn(read: SecretReader, secret: string): string | undefined {
  const text = read(secret, legacyKeys.credentials) ?? read(secret, legacyKeys.role);
  return text === undefined ? undefined : roleArnIn(text);
}

export function legacyAuthentication(read: SecretReader, secret: string): AuthenticationConfig {
  const file = (key: string) => pathOfKey({ kind: 'secret', name: secret, key });
  const roleArn = legacyRoleArn(read, secret);
  if (roleArn === undefined) {
    return {
      type: 'awsAccessKey',
      keyIdFile: file(legacyKeys.keyId),
      keySecretFile: file(legacyKeys.keySecret),
    };
  }
  const ownToken = read(secret, legacyKeys.token) !== undefined;
  return {
    type: 'iamRole',
    roleArn,
    tokenFile: ownToken ? file(legacyKeys.token) : collectorPaths.token,
    sessionName: 'cluster-logging',
  };
}

/** The authentication of an output of observability.openshift.io that has been validated. */
export function resolveAuthentication(
  read: SecretReader,
  authentication: Authentication,
  output: string,
): AuthenticationConfig {
  const { type, iamRole, awsAccessKey } = authentication;
  const assumeRole = resolveAssumeRole(read, authentication);
  if (type === 'iamRole') {
    const secret = iamRole?.token.from === 'secret' ? iamRole.token.secret : undefined;
    return {
      type,
      roleArn: roleArnAt(read, iamRole?.roleARN) ?? '',
      tokenFile: secret
        ? pathOfKey({ kind: 'secret', name: secret.name, key: secret.key })
        : collectorPaths.token,
      sessionName: sessionNameOf(output),
      assumeRole,
    };
  }
  return {
    type,
    keyIdFile: fileOf(awsAccessKey?.keyId),
    keySecretFile: fileOf(awsAccessKey?.keySecret),
    assumeRole,
  };
}

/** The role at a key of a Secret. */
export function roleArnAt(read: SecretReader, at: SecretKey | undefined): string | undefined {
  const text = at && read(at.secretName, at.key);
  return text === undefined ? undefined : roleArnIn(text);
}

function resolveAssumeRole(read: SecretReader, authentication: Authentication): AssumeRoleConfig | undefined {
  const chained = assumeRoleOf(authentication);
  if (!chained) return undefined;
  return {
    roleArn: roleArnAt(read, chained.roleARN) ?? '',
    externalId: chained.externalID,
    sessionName: chained.sessionName,
  };
}

/** AWS takes 2 to 64 characters. */
function sessionNameOf(output: string): string {
  return `output-${output}`.slice(0, 64);
}

function fileOf(at: SecretKey | undefined): string {
  return at ? pathOfKey({ kind: 'secret', name: at.secretName, key: at.key }) : '';
}
