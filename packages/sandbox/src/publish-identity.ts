// What `ccoctl` and `rosa create oidc-provider` do when a cluster is made: the issuer's documents into S3, and
// the issuer's name into IAM. Done at each start; what is there already is left alone.
import { publishIssuer, registerProvider } from '@pergola/irsa';
import { discoveryDocument, jwksOf, type SigningKey } from '@pergola/oidc';
import type { ClusterIdentity } from './identity.ts';

export interface PublishContext {
  readonly awsUrl: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly identity: ClusterIdentity;
  readonly signingKey: SigningKey;
}

/** Resolves when STS could verify a token of this cluster. */
export async function publishIdentity(context: PublishContext): Promise<void> {
  const { identity } = context;
  const target = { endpoint: context.awsUrl, credentials: context.credentials, region: identity.region };
  await publishIssuer({
    ...target,
    bucket: identity.oidcBucket,
    issuer: identity.issuer,
    discovery: discoveryDocument(identity.issuer),
    jwks: jwksOf([context.signingKey]),
  });
  await registerProvider({ ...target, issuer: identity.issuer });
}
