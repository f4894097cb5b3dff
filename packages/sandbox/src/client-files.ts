// The files that point ordinary clients at the sandbox: kubeconfig, AWS profile, rosa's login.
import type { ClusterIdentity } from './identity.ts';
import { type StateDir, writePrivate } from './state-dir.ts';

export interface Endpoints {
  /** http://127.0.0.1:4566 */
  readonly awsUrl: string;
  /** https://127.0.0.1:6443 */
  readonly kubeUrl: string;
  readonly caPem: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Writes all of them, readable by their owner only. */
export function writeClientFiles(dir: StateDir, identity: ClusterIdentity, endpoints: Endpoints): void {
  writePrivate(dir.kubeconfig, kubeconfigOf(identity, endpoints));
  writePrivate(
    dir.awsCredentials,
    `[default]\naws_access_key_id = ${endpoints.accessKeyId}\naws_secret_access_key = ${endpoints.secretAccessKey}\n`,
  );
  writePrivate(
    dir.awsConfig,
    `[default]\nregion = ${identity.region}\nendpoint_url = ${endpoints.awsUrl}\ncli_pager =\ns3 =\n  addressing_style = path\n`,
  );
  writePrivate(dir.ocmConfig, `${JSON.stringify(ocmConfigOf(identity, endpoints), undefined, 2)}\n`);
}

/** kubectl asks for a user name unless it is given a credential, so the token is written into the file. */
function kubeconfigOf(identity: ClusterIdentity, endpoints: Endpoints): string {
  const context = `default/${identity.name}/system:admin`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: identity.name,
        cluster: {
          server: endpoints.kubeUrl,
          'certificate-authority-data': Buffer.from(endpoints.caPem).toString('base64'),
        },
      },
    ],
    users: [{ name: 'system:admin', user: { token: identity.tokens.administrator } }],
    contexts: [
      { name: context, context: { cluster: identity.name, user: 'system:admin', namespace: 'default' } },
    ],
    'current-context': context,
  };
  // JSON is YAML, and every client reads it.
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** As `rosa login --env URL --token …` leaves it. */
function ocmConfigOf(identity: ClusterIdentity, endpoints: Endpoints): object {
  return {
    access_token: identity.tokens.ocm,
    client_id: 'cloud-services',
    insecure: false,
    scopes: ['openid'],
    token_url: `${endpoints.kubeUrl}/oauth/token`,
    url: endpoints.kubeUrl,
  };
}

/**
 * StartLiveTail has a host prefix: botocore writes `stream-` before the endpoint's host, and no such name resolves. It
 * writes it before the user's name, though, where there is one, and there it does no harm: the name is not sent, and the
 * host that is called and signed for stays the same. Other clients need their option for no host prefix.
 */
export function logsUrl(awsUrl: string): string {
  return awsUrl.replace('://', '://stream@');
}

/** The variables that `pergola shell` and `pergola env` set. PATH gets the stand-ins' folder in front. */
export function clientEnvironment(
  dir: StateDir,
  identity: ClusterIdentity,
  awsUrl: string,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: awsUrl,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logsUrl(awsUrl),
    AWS_CONFIG_FILE: dir.awsConfig,
    AWS_SHARED_CREDENTIALS_FILE: dir.awsCredentials,
    AWS_REGION: identity.region,
    AWS_DEFAULT_REGION: identity.region,
    AWS_PAGER: '',
    AWS_EC2_METADATA_DISABLED: 'true',
    KUBECONFIG: dir.kubeconfig,
    OCM_CONFIG: dir.ocmConfig,
    PERGOLA_DATA_DIR: dir.root,
  };
}
