// Sessions from STS: of a web identity, and of a role that another role may assume.
import { AwsError } from '../aws-error.ts';
import type { AwsTarget } from '../aws-target.ts';
import { callQuery } from '../call-xml.ts';
import { xmlTexts } from '../xml-text.ts';
import { refreshingCredentials, type RefreshingOptions } from './refreshing.ts';
import type { Credentials, CredentialSource } from './source.ts';

/** STS as the sessions need it: where it is, and with what time and chance. Its endpoint is STS's own. */
export type SessionContext = Omit<AwsTarget, 'credentials'> & Pick<RefreshingOptions, 'random'>;

export interface WebIdentity {
  readonly roleArn: string;
  /** Reads the token anew: whoever projects it replaces it while we run. */
  readonly readToken: () => Promise<string>;
  readonly sessionName: string;
  /** Default: the role's own. */
  readonly durationSeconds?: number | undefined;
}

/** Sessions by AssumeRoleWithWebIdentity, refreshed before they end. */
export function webIdentityCredentials(context: SessionContext, identity: WebIdentity): CredentialSource {
  const { clock, random } = context;
  const fetch = async () => {
    const WebIdentityToken = (await identity.readToken()).trim();
    if (WebIdentityToken === '') {
      throw new AwsError(0, 'TokenUnreadable', 'the web identity token file is empty');
    }
    return session({ ...context, credentials: undefined }, 'AssumeRoleWithWebIdentity', {
      RoleArn: identity.roleArn,
      RoleSessionName: identity.sessionName,
      WebIdentityToken,
      ...duration(identity.durationSeconds),
    });
  };
  return refreshingCredentials({ fetch, clock, random });
}

export interface AssumedRole {
  /** Who assumes the role. */
  readonly source: CredentialSource;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId?: string | undefined;
  readonly durationSeconds?: number | undefined;
}

/** Sessions by AssumeRole, e.g. in another account, refreshed before they end. */
export function assumedRoleCredentials(context: SessionContext, role: AssumedRole): CredentialSource {
  const { clock, random } = context;
  const target = { ...context, credentials: role.source };
  const fetch = () =>
    session(target, 'AssumeRole', {
      RoleArn: role.roleArn,
      RoleSessionName: role.sessionName,
      ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
      ...duration(role.durationSeconds),
    });
  return refreshingCredentials({ fetch, clock, random });
}

function duration(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { DurationSeconds: String(seconds) };
}

async function session(
  target: AwsTarget,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Credentials> {
  const xml = await callQuery(target, { service: 'sts', action, version: '2011-06-15', parameters });
  const [accessKeyId] = xmlTexts(xml, 'AccessKeyId');
  const [secretAccessKey] = xmlTexts(xml, 'SecretAccessKey');
  const [sessionToken] = xmlTexts(xml, 'SessionToken');
  const expiresAtMs = Date.parse(xmlTexts(xml, 'Expiration')[0] ?? '');
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAtMs)) {
    throw new AwsError(200, 'InvalidAnswer', `${action} answered without credentials`);
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs };
}
