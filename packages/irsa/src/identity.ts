// Which identity a ServiceAccount gives its pods: from its annotations or from the webhook's ConfigMap.
import { isRecord } from '@pergola/kernel';
import { parseGoBool, parseGoInt } from './go-values.ts';
import { tokenExpirationSecondsMin, type WebhookSettings } from './settings.ts';

/** What a pod of the ServiceAccount is given. An empty `roleArn` means: nothing. */
export interface PodIdentity {
  readonly roleArn: string;
  readonly audience: string;
  readonly regionalSts: boolean;
  readonly tokenExpirationSeconds: number;
}

type Annotations = Readonly<Record<string, string>> | undefined;

/** The identity that a ServiceAccount's annotations name. */
export function identityFromAnnotations(annotations: Annotations, settings: WebhookSettings): PodIdentity {
  const read = (key: string) => annotations?.[`${settings.annotationPrefix}/${key}`];
  const regionalSts = read('sts-regional-endpoints');
  return {
    roleArn: completeRoleArn(read('role-arn') ?? '', settings),
    audience: read('audience') ?? settings.audience,
    regionalSts: (regionalSts === undefined ? undefined : parseGoBool(regionalSts)) ?? settings.regionalSts,
    tokenExpirationSeconds: expirationFrom(read('token-expiration')) ?? settings.tokenExpirationSeconds,
  };
}

/** Seconds from a `token-expiration` annotation, raised to the minimum; undefined when absent or no integer. */
export function expirationFrom(text: string | undefined): number | undefined {
  const seconds = text === undefined ? undefined : parseGoInt(text);
  return seconds === undefined ? undefined : Math.max(seconds, tokenExpirationSecondsMin);
}

function completeRoleArn(role: string, settings: WebhookSettings): string {
  const { composeRoleArn } = settings;
  if (role === '' || !composeRoleArn || role.includes('arn:')) return role;
  return `arn:${composeRoleArn.partition}:iam::${composeRoleArn.account}:role/${role}`;
}

/** A role ARN that is not one is injected all the same, as the original does; this tells whether to warn. */
export function looksLikeRoleArn(roleArn: string): boolean {
  return /^arn:aws[a-z0-9-]*:iam::\d{12}:role\/[\w\-/.@+=,]+$/.test(roleArn);
}

/**
 * The identities in the ConfigMap's `config` key: `{"namespace/name": {RoleARN, Audience, UseRegionalSTS,
 * TokenExpiration}}`. Throws an Error that says what is wrong.
 */
export function identitiesFromConfig(text: string, settings: WebhookSettings): Map<string, PodIdentity> {
  const config: unknown = JSON.parse(text);
  if (!isRecord(config)) throw new Error('the config is not a JSON object');
  const identities = new Map<string, PodIdentity>();
  for (const [key, entry] of Object.entries(config)) {
    if (!/^[^/]+\/[^/]+$/.test(key) || !isRecord(entry)) throw new Error(`the entry "${key}" is not usable`);
    const { RoleARN: role, Audience: audience, UseRegionalSTS: regional, TokenExpiration: seconds } = entry;
    identities.set(key, {
      roleArn: typeof role === 'string' ? role : '',
      audience: typeof audience === 'string' && audience !== '' ? audience : settings.audience,
      regionalSts: regional === true,
      tokenExpirationSeconds:
        typeof seconds === 'number' && seconds !== 0 ? seconds : settings.tokenExpirationSeconds,
    });
  }
  return identities;
}
