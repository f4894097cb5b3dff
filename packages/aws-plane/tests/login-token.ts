// Login tokens of databases, as `aws rds generate-db-auth-token` makes them.
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { adminKey, secretAccessKey } from './plane.ts';

export interface TokenOptions {
  readonly user?: string;
  readonly key?: string;
  readonly secret?: string;
  readonly region?: string;
  readonly service?: string;
  readonly expiresIn?: number;
  readonly at?: Date;
}

/** As `aws rds generate-db-auth-token` makes it. */
export async function tokenFor(options: TokenOptions = {}): Promise<string> {
  const signer = new SignatureV4({
    service: options.service ?? 'rds-db',
    region: options.region ?? 'us-east-1',
    credentials: { accessKeyId: options.key ?? adminKey, secretAccessKey: options.secret ?? secretAccessKey },
    sha256: Sha256,
  });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: '127.0.0.1',
      port: 5432,
      path: '/',
      headers: { host: '127.0.0.1:5432' },
      query: { Action: 'connect', DBUser: options.user ?? 'app' },
    },
    { expiresIn: options.expiresIn ?? 900, ...(options.at && { signingDate: options.at }) },
  );
  const query = Object.entries(signed.query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return `127.0.0.1:5432/?${query}`;
}
