// The clients that walkthroughs share: one set for all of them, opened once.
import type { IAMClient } from '@aws-sdk/client-iam';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { type AwsTarget, createTransport, fixedCredentials } from '@pergola/aws-client';
import type { RecordedCall } from '@pergola/explain';
import { presetEnv, systemClock } from '@pergola/kernel';
import { createKubeClient, type KubeClient } from '@pergola/kube-client';
import type { Sandbox } from '@pergola/sandbox';

export interface Clients extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly kube: KubeClient;
  readonly iam: IAMClient;
  readonly s3: S3Client;
  /** Signs nothing by itself: for calls whose credential is a token. */
  readonly sts: STSClient;
  /** For CloudWatch Logs. */
  readonly aws: AwsTarget;
  /** Issuer without its scheme, as trust policies and provider ARNs write it. */
  readonly provider: string;
  /** The last call recorded by the plane that the predicate takes. */
  lastCall(matches: (call: RecordedCall) => boolean): RecordedCall | undefined;
}

/** Opens the clients. The AWS SDK is imported here, on first use, so that no other command pays for it. */
export async function openClients(sandbox: Sandbox): Promise<Clients> {
  // Its advice to use a newer Node is for whoever installs the SDK, which here is this package.
  presetEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  const [{ IAMClient: Iam }, { S3Client: S3 }, { STSClient: Sts }] = await Promise.all([
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-sts'),
  ]);
  const { accessKeyId, secretAccessKey } = sandbox.administrator;
  const credentials = { accessKeyId, secretAccessKey };
  const { region, issuer } = sandbox.identity;
  const config = { endpoint: sandbox.awsUrl, region, credentials, maxAttempts: 1 };
  const sdk = {
    iam: new Iam(config),
    s3: new S3({ ...config, forcePathStyle: true }),
    sts: new Sts(config),
  };
  const transport = createTransport();
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
    ...sdk,
    aws: {
      endpoint: sandbox.awsUrl,
      region,
      credentials: fixedCredentials(credentials),
      clock: systemClock,
      transport,
    },
    provider: issuer.replace('https://', ''),
    lastCall: (matches) => sandbox.records.list({ limit: 200 }).find(matches),
    [Symbol.asyncDispose]: async () => {
      for (const client of Object.values(sdk)) client.destroy();
      await transport[Symbol.asyncDispose]();
      await kube[Symbol.asyncDispose]();
    },
  };
}
