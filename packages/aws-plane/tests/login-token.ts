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
  /** `HOST:PORT` of the database. */
  readonly place?: string;
}

/** As `aws rds generate-db-auth-token` makes it. */
export async function tokenFor(options: TokenOptions = {}): Promise<string> {
  const signer = new SignatureV4({
    service: options.service ?? 'rds-db',
    region: options.region ?? 'us-east-1',
    credentials: { accessKeyId: options.key ?? adminKey, secretAccessKey: options.secret ?? secretAccessKey },
    sha256: Sha256,
  });
  const place = options.place ?? '127.0.0.1:5432';
  const [hostname = '', port] = place.split(':');
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      port: Number(port),
      path: '/',
      headers: { host: place },
      query: { Action: 'connect', DBUser: options.user ?? 'app' },
    },
    { expiresIn: options.expiresIn ?? 900, ...(options.at && { signingDate: options.at }) },
  );
  const query = Object.entries(signed.query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return `${place}/?${query}`;
}
