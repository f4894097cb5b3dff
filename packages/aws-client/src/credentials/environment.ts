// Credentials that stand in the environment, or that a program's own chain provides.
import { readFile } from 'node:fs/promises';
import type { Env } from '@pergola/kernel';
import { AwsError } from '../aws-error.ts';
import { refreshingCredentials, type RefreshingOptions } from './refreshing.ts';
import { type SessionContext, webIdentityCredentials } from './session.ts';
import { type CredentialSource, fixedCredentials } from './source.ts';

/** Keys in AWS_ACCESS_KEY_ID and its like, else a web identity in AWS_ROLE_ARN; undefined when `env` has neither. */
export function environmentCredentials(context: SessionContext, env: Env): CredentialSource | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId && secretAccessKey) {
    const sessionToken = env['AWS_SESSION_TOKEN'] || undefined;
    return fixedCredentials({ accessKeyId, secretAccessKey, sessionToken });
  }
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile } = env;
  if (!roleArn || !tokenFile) return undefined;
  const sessionName = env['AWS_ROLE_SESSION_NAME'] || 'pergola';
  return webIdentityCredentials(context, { roleArn, sessionName, readToken: tokenFileReader(tokenFile) });
}

/** Reads a projected token. Rejects with AwsError `TokenUnreadable`. */
export function tokenFileReader(path: string): () => Promise<string> {
  return async () => {
    try {
      return await readFile(path, 'utf8');
    } catch (cause) {
      const because = cause instanceof Error ? cause.message : String(cause);
      throw new AwsError(0, 'TokenUnreadable', `cannot read the web identity token: ${because}`, { cause });
    }
  };
}

/** Credentials as the AWS SDK's providers return them. */
export interface ProvidedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** A source over a provider of the AWS SDK: profiles, SSO, the metadata of an instance. */
export function providedCredentials(
  provide: () => Promise<ProvidedCredentials>,
  { clock, random }: Omit<RefreshingOptions, 'fetch'>,
): CredentialSource {
  const fetch = async () => {
    const { expiration, accessKeyId, secretAccessKey, sessionToken } = await provide();
    return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs: expiration?.getTime() };
  };
  return refreshingCredentials({ fetch, clock, random });
}
