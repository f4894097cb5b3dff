// What an operator of the webhook chooses. Names and defaults follow the flags of
// amazon-eks-pod-identity-webhook; README.md lists them side by side.

/** Where the control plane runs. It decides which audience the projected tokens carry. */
export type Topology = 'classic' | 'hcp';

export interface WebhookSettings {
  /** Prefix of the annotations on ServiceAccounts and pods, without the slash. */
  readonly annotationPrefix: string;
  /** Audience of the projected token where no annotation names one. */
  readonly audience: string;
  /** Folder in the container that holds the token. */
  readonly mountPath: string;
  /** Seconds for which a token is asked where no annotation says so; at least 600. */
  readonly tokenExpirationSeconds: number;
  /** Sets AWS_REGION and AWS_DEFAULT_REGION; empty: neither. */
  readonly region: string;
  /** Sets AWS_STS_REGIONAL_ENDPOINTS=regional where no annotation decides. */
  readonly regionalSts: boolean;
  /** Milliseconds to wait for a ServiceAccount that is not yet known; 0: the pod passes unchanged at once. */
  readonly lookupGraceMs: number;
  /** Completes a role-arn annotation that is only a role's name. */
  readonly composeRoleArn?: { readonly partition: string; readonly account: string } | undefined;
  /** Namespace of the ConfigMap `pod-identity-webhook` that may name roles too; absent: it is not read. */
  readonly configMapNamespace?: string | undefined;
}

/** Seconds below which the API server refuses to project a token. */
export const tokenExpirationSecondsMin = 600;

const defaults: WebhookSettings = {
  annotationPrefix: 'eks.amazonaws.com',
  audience: 'sts.amazonaws.com',
  mountPath: '/var/run/secrets/eks.amazonaws.com/serviceaccount',
  tokenExpirationSeconds: 86_400,
  region: '',
  regionalSts: false,
  lookupGraceMs: 0,
};

/** The settings with which the given topology runs the webhook: HyperShift passes `--token-audience=openshift`. */
export function settingsFor(topology: Topology, overrides: Partial<WebhookSettings> = {}): WebhookSettings {
  const audience = topology === 'hcp' ? 'openshift' : 'sts.amazonaws.com';
  return Object.freeze({ ...defaults, audience, ...overrides });
}
