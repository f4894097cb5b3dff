// The credentials of an output: the web identity of the collector's ServiceAccount or keys from files, and a further
// role where one is to be assumed. A failure says which of the steps it was.
import { readFile } from 'node:fs/promises';
import {
  AwsError,
  assumedRoleCredentials,
  type CredentialSource,
  refreshingCredentials,
  type SessionContext,
  tokenFileReader,
  webIdentityCredentials,
} from '@pergola/aws-client';
import type { AuthenticationConfig } from '../../../config/collector-config.ts';
import { claimsOf, type TokenClaims } from './token-claims.ts';

/** Milliseconds after which key files are read again: a mounted Secret may change. */
const keysHoldMs = 300_000;

/** The step at which no session could be had. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly operation: string;
  readonly roleArn: string | undefined;
  readonly error: AwsError;

  constructor(operation: string, roleArn: string | undefined, error: AwsError) {
    super(error.message, { cause: error });
    this.operation = operation;
    this.roleArn = roleArn;
    this.error = error;
  }
}

export interface Session {
  readonly credentials: CredentialSource;
  /** Of the last role in the chain; undefined for plain keys. */
  readonly roleArn: string | undefined;
  /** What the token says now; undefined without one. */
  claims(): Promise<TokenClaims | undefined>;
}

/** The session that `authentication` describes. Nothing is read or asked before it is needed. */
export function openSession(context: SessionContext, authentication: AuthenticationConfig): Session {
  const base = baseOf(context, authentication);
  const { assumeRole } = authentication;
  if (!assumeRole) return base;
  const { roleArn, externalId, sessionName = 'pergola-collector' } = assumeRole;
  const assumed = assumedRoleCredentials(context, {
    source: base.credentials,
    roleArn,
    sessionName,
    externalId,
  });
  return { ...base, roleArn, credentials: named(assumed, 'sts:AssumeRole', roleArn) };
}

function baseOf(context: SessionContext, authentication: AuthenticationConfig): Session {
  if (authentication.type === 'awsAccessKey') {
    const { keyIdFile, keySecretFile } = authentication;
    const keys = keyFileCredentials(context, keyIdFile, keySecretFile);
    return { credentials: keys, roleArn: undefined, claims: async () => undefined };
  }
  const { roleArn, tokenFile, sessionName } = authentication;
  const readToken = tokenFileReader(tokenFile);
  const identity = webIdentityCredentials(context, { roleArn, sessionName, readToken });
  return {
    credentials: named(identity, 'sts:AssumeRoleWithWebIdentity', roleArn),
    roleArn,
    claims: async () => claimsOf(await readToken().catch(() => '')),
  };
}

function keyFileCredentials(
  { clock, random }: SessionContext,
  keyIdFile: string,
  keySecretFile: string,
): CredentialSource {
  const fetch = async () => {
    const [accessKeyId, secretAccessKey] = await Promise.all([readKey(keyIdFile), readKey(keySecretFile)]);
    return { accessKeyId, secretAccessKey, expiresAtMs: clock.nowMs() + keysHoldMs };
  };
  return named(refreshingCredentials({ fetch, clock, random }), 'secret:AccessKeys', undefined);
}

async function readKey(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause);
    throw new AwsError(0, 'KeyUnreadable', `cannot read an access key: ${because}`, { cause });
  }
}

/** Says of a failure at which step it happened; an inner step's own word stands. */
function named(source: CredentialSource, operation: string, roleArn: string | undefined): CredentialSource {
  return {
    invalidate: () => source.invalidate(),
    async get() {
      try {
        return await source.get();
      } catch (error) {
        if (error instanceof AwsError) throw new SessionError(operation, roleArn, error);
        throw error;
      }
    },
  };
}
