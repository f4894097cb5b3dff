// What the steps share: the clients, and the names that the seed's section 2.4 uses.
import type { IAMClient } from '@aws-sdk/client-iam';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import type { RecordedCall } from '@pergola/explain';
import { createKubeClient, type KubeClient } from '@pergola/kube-client';
import { presetEnv, systemClock } from '@pergola/kernel';
import type { Sandbox } from '@pergola/sandbox';

export interface Scene extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly kube: KubeClient;
  readonly iam: IAMClient;
  readonly s3: S3Client;
  /** Signs nothing by itself: for calls whose credential is a token. */
  readonly sts: STSClient;
  readonly names: Names;
  /** The last call recorded by the plane that the predicate takes. */
  lastCall(matches: (call: RecordedCall) => boolean): RecordedCall | undefined;
}

/** Names as in the seed. */
export interface Names {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly role: string;
  readonly readerServiceAccount: string;
  readonly readerRole: string;
  readonly bucket: string;
  /** Issuer without its scheme, as trust policies and provider ARNs write it. */
  readonly provider: string;
}

/** Opens the clients. The AWS SDK is imported here, on first use, so that no other command pays for it. */
export async function openScene(sandbox: Sandbox): Promise<Scene> {
  // Its advice to use a newer Node is for whoever installs the SDK, which here is this package.
  presetEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  const [{ IAMClient: Iam }, { S3Client: S3 }, { STSClient: Sts }] = await Promise.all([
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-sts'),
  ]);
  const { accessKeyId, secretAccessKey } = sandbox.administrator;
  const config = {
    endpoint: sandbox.awsUrl,
    region: sandbox.identity.region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  };
  const clients = {
    iam: new Iam(config),
    s3: new S3({ ...config, forcePathStyle: true }),
    sts: new Sts(config),
  };
  const kube = createKubeClient({
    server: sandbox.kubeUrl,
    ca: sandbox.caPem,
    token: sandbox.administratorToken,
    userAgent: 'pergola-demo/0.1.0',
    clock: systemClock,
  });
  return {
    sandbox,
    kube,
    ...clients,
    names: namesOf(sandbox),
    lastCall: (matches) => sandbox.records.list({ limit: 200 }).find(matches),
    [Symbol.asyncDispose]: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await kube[Symbol.asyncDispose]();
    },
  };
}

function namesOf(sandbox: Sandbox): Names {
  return {
    namespace: 'iam-app-demo',
    serviceAccount: 'iam-app-s3-sa',
    role: 'iam-app-demo-s3-role',
    readerServiceAccount: 'iam-app-reader-sa',
    readerRole: 'iam-app-demo-reader-role',
    bucket: `${sandbox.identity.infrastructureName}-iam-app-demo`,
    provider: sandbox.identity.issuer.replace('https://', ''),
  };
}
