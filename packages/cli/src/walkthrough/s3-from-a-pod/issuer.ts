// The issuer's documents in S3 and its provider in IAM: what the cluster's installation left behind.
import { GetOpenIDConnectProviderCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { isRecord } from '@pergola/kernel';
import { type Proof, prove } from '../step.ts';
import type { Scene } from './scene.ts';

/** Reads the discovery document from the bucket and follows it to a key set. */
export async function proveIssuerPublished({ s3, sandbox, kube }: Scene): Promise<Proof> {
  const { issuer, oidcBucket } = sandbox.identity;
  const read = async (key: string): Promise<unknown> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: oidcBucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? 'null');
  };
  const discovery = await read('.well-known/openid-configuration');
  prove(
    isRecord(discovery) && discovery['issuer'] === issuer,
    `the discovery document does not name ${issuer}`,
  );
  const jwksUrl = new URL(String(discovery['jwks_uri']));
  const published = keyIdsOf(await read(jwksUrl.pathname.slice(1)));
  const signing = keyIdsOf(await kube.raw('GET', '/openid/v1/jwks'));
  prove(
    signing.length > 0 && signing.every((kid) => published.includes(kid)),
    `the cluster signs with ${signing.join(', ')}, and S3 holds only ${published.join(', ')}`,
  );
  return { seen: `${issuer} → key ${signing.join(', ')}` };
}

function keyIdsOf(jwks: unknown): string[] {
  const keys = isRecord(jwks) && Array.isArray(jwks['keys']) ? jwks['keys'] : [];
  return keys.flatMap((key: unknown) => (isRecord(key) ? [String(key['kid'])] : []));
}

export async function proveProviderRegistered({ iam, sandbox, provider: issuer }: Scene): Promise<Proof> {
  const arn = `arn:aws:iam::${sandbox.identity.account}:oidc-provider/${issuer}`;
  const provider = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
  const clients = provider.ClientIDList ?? [];
  prove(clients.length > 0, `${arn} accepts no audience`);
  return { seen: `${arn} accepts the audiences ${clients.join(', ')}` };
}
