// Makes an account trust the cluster's issuer: an IAM OpenID Connect provider with the audiences that ROSA uses.
import { AwsError, type AwsTarget, callQuery, withRetries, xmlTexts } from '@pergola/aws-client';

const defaultClientIds = ['openshift', 'sts.amazonaws.com'];

export interface ProviderRegistration extends AwsTarget {
  /** https URL of the issuer, exactly as the tokens' `iss`. */
  readonly issuer: string;
  /** Audiences to accept. Default: `openshift` and `sts.amazonaws.com`. */
  readonly clientIds?: readonly string[];
  /** SHA-1 of the top CA's certificate; AWS finds it by itself when absent. */
  readonly thumbprints?: readonly string[];
}

export interface RegisteredProvider {
  readonly arn: string;
  readonly created: boolean;
  /** Audiences that had to be added to an existing provider. */
  readonly addedClientIds: readonly string[];
}

/** Creates the provider, or adds to an existing one what it lacks. Throws AwsError with AWS's code. */
export async function registerProvider(registration: ProviderRegistration): Promise<RegisteredProvider> {
  const { issuer, clientIds = defaultClientIds, thumbprints = [] } = registration;
  try {
    const answer = await iam(registration, 'CreateOpenIDConnectProvider', {
      Url: issuer,
      ...members('ClientIDList', clientIds),
      ...members('ThumbprintList', thumbprints),
    });
    const [arn = ''] = xmlTexts(answer, 'OpenIDConnectProviderArn');
    return { arn, created: true, addedClientIds: [] };
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'EntityAlreadyExists') throw error;
  }
  const arn = await findProvider(registration);
  const existing = await iam(registration, 'GetOpenIDConnectProvider', { OpenIDConnectProviderArn: arn });
  const known = new Set(xmlTexts(existing, 'member'));
  const addedClientIds = clientIds.filter((id) => !known.has(id));
  for (const ClientID of addedClientIds) {
    await iam(registration, 'AddClientIDToOpenIDConnectProvider', {
      OpenIDConnectProviderArn: arn,
      ClientID,
    });
  }
  return { arn, created: false, addedClientIds };
}

/** The ARN of the provider that `CreateOpenIDConnectProvider` said exists. */
async function findProvider(registration: ProviderRegistration): Promise<string> {
  const suffix = `:oidc-provider/${registration.issuer.replace(/^https:\/\//, '')}`;
  const arns = xmlTexts(await iam(registration, 'ListOpenIDConnectProviders', {}), 'Arn');
  const arn = arns.find((candidate) => candidate.endsWith(suffix));
  if (arn === undefined) {
    throw new AwsError(
      409,
      'EntityAlreadyExists',
      `a provider for ${registration.issuer} exists but is not listed`,
    );
  }
  return arn;
}

function members(list: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${list}.member.${index + 1}`, value]));
}

function iam(target: AwsTarget, action: string, parameters: Record<string, string>): Promise<string> {
  const call = { service: 'iam', action, version: '2010-05-08', parameters };
  return withRetries(target, () => callQuery(target, call));
}
