// What is drawn once for a data folder and then stays: names, ids, tokens, keys and certificates.
import { join } from 'node:path';
import { alphabets, type Clock, isRecord, type Random } from '@pergola/kernel';
import { exportPem, generateSigningKey, importSigningKey, type SigningKey } from '@pergola/oidc';
import { createCa, issueCertificate, type KeyPair } from '@pergola/pki';
import { OptionError, type ResolvedOptions, type Topology } from './options.ts';
import { readIfPresent, type StateDir, writePrivate } from './state-dir.ts';

/** The cluster as `cluster.json` keeps it. */
export interface ClusterIdentity {
  readonly name: string;
  /** `<name>-<5 characters>`, as the installer draws it. */
  readonly infrastructureName: string;
  /** OCM's id: 32 characters. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly topology: Topology;
  /** The bucket that holds the issuer's documents. */
  readonly oidcBucket: string;
  /** https://<bucket>.s3.<region>.amazonaws.com, as ccoctl and rosa make it for classic clusters. */
  readonly issuer: string;
  readonly tokens: ClusterTokens;
}

/** Static bearer tokens of the sandbox's own clients, each with its own rights. */
export interface ClusterTokens {
  readonly administrator: string;
  readonly controllers: string;
  readonly node: string;
  readonly webhook: string;
  /** What rosa logs in with: a JWT, because rosa reads its expiry; known to the API server as a whole. */
  readonly ocm: string;
}

/** Certificates and keys, PEM. */
export interface ClusterPki {
  readonly ca: KeyPair;
  readonly api: KeyPair;
  readonly webhook: KeyPair;
  readonly signingKey: SigningKey;
}

/** Reads `cluster.json`, or draws it. Options that contradict what was drawn are refused. */
export function loadIdentity(dir: StateDir, options: ResolvedOptions, random: Random): ClusterIdentity {
  const stored = readIfPresent(dir.cluster);
  if (stored === undefined) {
    const drawn = drawIdentity(options, random);
    writePrivate(dir.cluster, `${JSON.stringify(drawn, undefined, 2)}\n`);
    return drawn;
  }
  const parsed: unknown = JSON.parse(stored);
  if (!isRecord(parsed) || typeof parsed['issuer'] !== 'string') {
    throw new OptionError(`${dir.cluster} is not a cluster's description; \`pergola reset\` makes a new one`);
  }
  const identity = parsed as unknown as ClusterIdentity;
  refuseContradiction(identity, options);
  return identity;
}

function drawIdentity(options: ResolvedOptions, random: Random): ClusterIdentity {
  const infrastructureName = `${options.clusterName}-${random.text(5, alphabets.kubeSuffix)}`;
  const oidcBucket = `${infrastructureName}-oidc`;
  const token = () => `sha256~${random.text(43, alphabets.alphanumeric)}`;
  return {
    name: options.clusterName,
    infrastructureName,
    id: random.text(32, alphabets.lowerAlphanumeric),
    account: options.account,
    region: options.region,
    topology: options.topology ?? 'classic',
    oidcBucket,
    issuer: `https://${oidcBucket}.s3.${options.region}.amazonaws.com`,
    tokens: {
      administrator: token(),
      controllers: token(),
      node: token(),
      webhook: token(),
      ocm: ocmToken(token()),
    },
  };
}

/** rosa checks type and expiry by itself and nothing else; the last part is the secret that the server knows. */
function ocmToken(secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { typ: 'Bearer', exp: 4_102_444_800, preferred_username: 'admin', username: 'admin' };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${Buffer.from(secret).toString('base64url')}`;
}

function refuseContradiction(identity: ClusterIdentity, options: ResolvedOptions): void {
  const fixed = [
    ['account', identity.account, options.account],
    ['region', identity.region, options.region],
    ['cluster name', identity.name, options.clusterName],
    ['topology', identity.topology, options.topology ?? identity.topology],
  ] as const;
  for (const [name, kept, wanted] of fixed) {
    if (kept !== wanted) {
      throw new OptionError(
        `this data folder belongs to a cluster whose ${name} is '${kept}', not '${wanted}'; use another --data-dir, or \`pergola reset\``,
      );
    }
  }
}

/** Reads keys and certificates, or makes them. The slow parts run side by side. */
export async function loadPki(dir: StateDir, context: { clock: Clock; random: Random }): Promise<ClusterPki> {
  const [signingKey, certificates] = await Promise.all([loadSigningKey(dir), loadCertificates(dir, context)]);
  return { signingKey, ...certificates };
}

async function loadSigningKey(dir: StateDir): Promise<SigningKey> {
  const path = join(dir.pki, 'service-account-signer.key');
  const stored = readIfPresent(path);
  if (stored !== undefined) return importSigningKey(stored);
  const key = await generateSigningKey();
  writePrivate(path, exportPem(key));
  return key;
}

async function loadCertificates(dir: StateDir, context: { clock: Clock; random: Random }) {
  const names = ['ca', 'api', 'webhook'] as const;
  const [ca, api, webhook] = names.map((name) => readPair(dir, name));
  if (ca && api && webhook) return { ca, api, webhook };
  const made = await createCa(context, 'pergola');
  const hosts = ['127.0.0.1', '::1', 'localhost'];
  const services = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ];
  const pairs = {
    ca: made,
    api: await issueCertificate(context, made, {
      commonName: 'kube-apiserver',
      hosts: [...hosts, ...services],
      usage: 'server',
    }),
    webhook: await issueCertificate(context, made, {
      commonName: 'pod-identity-webhook',
      hosts: [...hosts, 'pod-identity-webhook.openshift-cloud-credential-operator.svc'],
      usage: 'server',
    }),
  };
  for (const name of names) {
    writePrivate(join(dir.pki, `${name}.key`), pairs[name].key);
    writePrivate(join(dir.pki, `${name}.crt`), pairs[name].cert);
  }
  return pairs;
}

function readPair(dir: StateDir, name: string): KeyPair | undefined {
  const cert = readIfPresent(join(dir.pki, `${name}.crt`));
  const key = readIfPresent(join(dir.pki, `${name}.key`));
  return cert !== undefined && key !== undefined ? { cert, key } : undefined;
}
