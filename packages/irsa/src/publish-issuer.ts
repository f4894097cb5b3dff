// Puts a cluster's issuer documents where AWS can read them: two public objects in a bucket, as ccoctl does for
// ROSA classic. Repeating it changes only what differs.
import type { AwsTarget } from '@pergola/aws-client';
import { isRecord, jsonEqual } from '@pergola/kernel';
import { allowPublicRead, type Bucket, ensureBucket, readObject, writeJson } from './bucket.ts';

/** A key of a JSON Web Key Set; `kid` is what rotation goes by. */
export interface JsonWebKey {
  readonly kid: string;
  readonly [field: string]: unknown;
}

export interface IssuerPublication extends AwsTarget {
  readonly bucket: string;
  /** https URL of the issuer, exactly as the tokens' `iss`; its path becomes the objects' prefix. */
  readonly issuer: string;
  /** The document of `<issuer>/.well-known/openid-configuration`. */
  readonly discovery: {
    readonly issuer: string;
    readonly jwks_uri: string;
    readonly [field: string]: unknown;
  };
  readonly jwks: { readonly keys: readonly JsonWebKey[] };
}

/** What had to be done. All false and empty when everything was in place. */
export interface PublishedIssuer {
  readonly bucketCreated: boolean;
  readonly policyChanged: boolean;
  /** Keys of the objects that were written. */
  readonly written: readonly string[];
}

/**
 * Publishes the documents. Keys that are already published stay, so that tokens signed before a rotation remain
 * valid. Throws AwsError with AWS's code, or an Error when the documents do not fit the issuer.
 */
export async function publishIssuer(publication: IssuerPublication): Promise<PublishedIssuer> {
  const { issuer, discovery, jwks } = publication;
  if (discovery.issuer !== issuer) {
    throw new Error(`the discovery document names the issuer ${discovery.issuer}, not ${issuer}`);
  }
  const discoveryKey = objectKey(issuer, `${issuer}/.well-known/openid-configuration`);
  const jwksKey = objectKey(issuer, discovery.jwks_uri);
  const bucket: Bucket = { target: publication, name: publication.bucket };

  const bucketCreated = await ensureBucket(bucket);
  const written: string[] = [];
  const publishedKeys = await readDocument(bucket, jwksKey);
  const keys = { keys: mergeKeys(jwks.keys, publishedKeys) };
  // The keys first: a discovery document must never point at nothing.
  if (!jsonEqual(publishedKeys, keys)) {
    await writeJson(bucket, jwksKey, keys);
    written.push(jwksKey);
  }
  if (!jsonEqual(await readDocument(bucket, discoveryKey), discovery)) {
    await writeJson(bucket, discoveryKey, discovery);
    written.push(discoveryKey);
  }
  const policyChanged = await allowPublicRead(bucket, [discoveryKey, jwksKey]);
  return { bucketCreated, policyChanged, written };
}

/** The key of the object that `url` names at the issuer's host. */
function objectKey(issuer: string, url: string): string {
  const [base, document] = [new URL(issuer), new URL(url)];
  if (base.protocol !== 'https:' || document.origin !== base.origin || document.search !== '') {
    throw new Error(`${url} is not at the issuer's host ${base.origin}`);
  }
  return decodeURIComponent(document.pathname.slice(1));
}

/** Current keys first, then those published earlier under other ids. */
function mergeKeys(current: readonly JsonWebKey[], published: unknown): unknown[] {
  const earlier = isRecord(published) && Array.isArray(published['keys']) ? published['keys'] : [];
  const ids = new Set(current.map(({ kid }) => kid));
  return [...current, ...earlier.filter((key) => isRecord(key) && !ids.has(String(key['kid'])))];
}

async function readDocument(bucket: Bucket, key: string): Promise<unknown> {
  const text = await readObject(bucket, key);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // Something else lies there; it is replaced.
    return undefined;
  }
}
