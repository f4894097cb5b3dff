// What `ccoctl` and `rosa create oidc-provider` do when a cluster is made: the issuer's documents into S3, and
// the issuer's name into IAM. Done at each start; what is there already is left alone.
import { publishIssuer, registerProvider } from '@pergola/irsa';
import type { Clock } from '@pergola/kernel';
import { discoveryDocument, jwksOf, type SigningKey } from '@pergola/oidc';
import type { ClusterIdentity } from './identity.ts';

export interface PublishContext {
  readonly awsUrl: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly identity: ClusterIdentity;
  readonly signingKey: SigningKey;
  readonly clock: Clock;
}

/** Resolves when STS could verify a token of this cluster. */
export async function publishIdentity(context: PublishContext): Promise<void> {
  const { identity } = context;
  const { awsUrl: endpoint, credentials, clock } = context;
  const target = { endpoint, credentials, clock, region: identity.region };
  await publishIssuer({
    ...target,
    bucket: identity.oidcBucket,
    issuer: identity.issuer,
    discovery: { ...discoveryDocument(identity.issuer) },
    jwks: { keys: jwksOf([context.signingKey]).keys.map((key) => ({ ...key })) },
  });
  await registerProvider({ ...target, issuer: identity.issuer });
}
