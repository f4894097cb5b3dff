// Certificates over @peculiar/x509: one CA, and the leaves it signs. P-256 throughout: an RSA key takes
// 30 times longer to make. The library is imported on first use, because a sandbox that already has its
// certificates never needs it (0.2 s of CPU).
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { Clock, Random } from '@pergola/kernel';
import type * as x509 from '@peculiar/x509';

/** A certificate and its private key, both PEM (PKCS#8 for the key). */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateRequest {
  /** Subject common name. */
  readonly commonName: string;
  /** Subject organizations: Kubernetes reads a client's groups from them. */
  readonly organizations?: readonly string[];
  /** DNS names and IP addresses of a server. */
  readonly hosts?: readonly string[];
  readonly usage: 'server' | 'client';
  /** Days until it expires. Default 3,650. */
  readonly days?: number;
}

/** What drawing keys and dates needs. */
export interface PkiContext {
  readonly clock: Clock;
  readonly random: Random;
}

const EC_P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** A self-signed CA that may sign leaves only (path length 0). */
export async function createCa(context: PkiContext, commonName: string): Promise<KeyPair> {
  const lib = await loadX509();
  const keys = await generateKeys();
  const cert = await lib.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(context.random),
    name: [{ CN: [commonName] }],
    ...validity(context.clock, 3_650),
    signingAlgorithm: EC_P256,
    keys,
    extensions: [
      new lib.BasicConstraintsExtension(true, 0, true),
      new lib.KeyUsagesExtension(lib.KeyUsageFlags.keyCertSign | lib.KeyUsageFlags.cRLSign, true),
      await lib.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: cert.toString('pem'), key: await exportKey(lib, keys.privateKey) };
}

/** A leaf signed by `ca`. */
export async function issueCertificate(
  context: PkiContext,
  ca: KeyPair,
  request: CertificateRequest,
): Promise<KeyPair> {
  const lib = await loadX509();
  const keys = await generateKeys();
  const issuer = new lib.X509Certificate(ca.cert);
  const hosts = (request.hosts ?? []).map(
    (host) => ({ type: isIP(host) ? 'ip' : 'dns', value: host }) as const,
  );
  const usage =
    request.usage === 'server' ? lib.ExtendedKeyUsage.serverAuth : lib.ExtendedKeyUsage.clientAuth;
  const cert = await lib.X509CertificateGenerator.create({
    serialNumber: serialNumber(context.random),
    subject: [
      ...(request.organizations ?? []).map((organization) => ({ O: [organization] })),
      { CN: [request.commonName] },
    ],
    issuer: issuer.subjectName,
    ...validity(context.clock, request.days ?? 3_650),
    signingAlgorithm: EC_P256,
    publicKey: keys.publicKey,
    signingKey: await importKey(lib, ca.key),
    extensions: [
      new lib.BasicConstraintsExtension(false, undefined, true),
      new lib.KeyUsagesExtension(lib.KeyUsageFlags.digitalSignature, true),
      new lib.ExtendedKeyUsageExtension([usage]),
      ...(hosts.length > 0 ? [new lib.SubjectAlternativeNameExtension(hosts)] : []),
      await lib.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { cert: cert.toString('pem'), key: await exportKey(lib, keys.privateKey) };
}

/** reflect-metadata must come first: the library's dependency injection fails without it. */
async function loadX509(): Promise<typeof x509> {
  await import('reflect-metadata');
  const lib = await import('@peculiar/x509');
  lib.cryptoProvider.set(webcrypto);
  return lib;
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(EC_P256, true, ['sign', 'verify']);
}

async function exportKey(lib: typeof x509, key: webcrypto.CryptoKey): Promise<string> {
  return lib.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function importKey(lib: typeof x509, pem: string): Promise<webcrypto.CryptoKey> {
  const der = lib.PemConverter.decodeFirst(pem);
  return webcrypto.subtle.importKey('pkcs8', der, EC_P256, false, ['sign']);
}

/** 16 random bytes, positive (RFC 5280 §4.1.2.2). */
function serialNumber(random: Random): string {
  const bytes = random.bytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** Starts an hour ago, so that a client whose clock is a little behind accepts it. */
function validity(clock: Clock, days: number): { notBefore: Date; notAfter: Date } {
  const nowMs = clock.nowMs();
  return { notBefore: new Date(nowMs - 3_600_000), notAfter: new Date(nowMs + days * DAY_MS) };
}
