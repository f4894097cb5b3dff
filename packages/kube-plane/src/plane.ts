// Composition of the plane: store in, listening API server out.
import { setMaxListeners } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, Disposal, type Logger, type Random } from '@pergola/kernel';
import type { SigningKey } from '@pergola/oidc';
import type { Store } from '@pergola/store';
import { type AuditSink, createAuditTrail } from './audit/trail.ts';
import { createAdmission } from './admission/index.ts';
import { createWebhookSource } from './admission/webhooks/configuration.ts';
import { webhookConnections } from './admission/webhooks/connections.ts';
import type { ResolveService } from './admission/webhooks/index.ts';
import { createAuthenticator, type StaticToken } from './authn/authenticator.ts';
import { createTokenIssuer } from './authn/token-issuer.ts';
import { createRbac } from './authz/rbac.ts';
import { bootstrap } from './bootstrap.ts';
import type { ClusterFacts, Plane } from './contract.ts';
import { startCrdCleanup } from './crd/cleanup.ts';
import { builtinResources } from './resources/index.ts';
import { createRegistry } from './resources/registry.ts';
import { listen } from './server.ts';
import { trackProgress } from './watch/progress.ts';

export interface KubePlaneOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** 0 = any free port. */
  readonly port: number;
  /** PEMs: the serving certificate and key, and the CA that clients trust. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Keys of the service-account issuer; the first signs, all are published. */
  readonly signingKeys: readonly SigningKey[];
  /** The cluster's service-account issuer, an https URL. */
  readonly issuer: string;
  readonly cluster: ClusterFacts;
  /** Bearer tokens that stand for fixed users. */
  readonly tokens: readonly StaticToken[];
  /** Takes the audit trail; without it there is none. */
  readonly audit?: AuditSink;
  /** Where a webhook's Service answers, before its Endpoints are asked. */
  readonly resolveService?: ResolveService;
  /** A raw connection to the HTTP server of that node's kubelet. */
  readonly dialKubelet: (nodeName: string) => Promise<Duplex>;
}

/** A running API server. Disposing ends its watches and closes the port; the store stays open. */
export interface KubePlane extends AsyncDisposable {
  /** `https://127.0.0.1:6443` */
  readonly url: string;
  readonly port: number;
}

/** Audience of tokens for this API beside the issuer, as upstream's default service name. */
const API_AUDIENCE = 'https://kubernetes.default.svc';

/** Starts the API server; resolves when it answers. Rejects when the port is taken. */
export async function startKubePlane(options: KubePlaneOptions): Promise<KubePlane> {
  const { store, clock, random, logger, issuer, signingKeys } = options;
  const host = options.host ?? '127.0.0.1';
  const disposal = new Disposal();
  const closing = new AbortController();
  // Every open watch listens; their number is not a leak.
  setMaxListeners(0, closing.signal);
  const progress = trackProgress(store);
  const authorizer = createRbac(store);
  const resources = createRegistry(store, builtinResources);
  const connections = webhookConnections();
  disposal.defer(() => connections.close());
  const source = createWebhookSource(store, () => connections.retire());
  for (const part of [progress, authorizer, resources, source]) disposal.defer(() => part.stop());

  let url = `https://${host}:${options.port}`;
  const admission = createAdmission(
    { store, random, authorizer },
    { store, source, connections, clock, random, resolveService: options.resolveService },
  );
  const plane: Plane = {
    store,
    clock,
    random,
    logger,
    cluster: options.cluster,
    ca: options.tls.ca,
    url: () => url,
    tokens: createTokenIssuer({ issuer, signingKeys, clock, random }),
    resources,
    authorizer,
    authenticator: createAuthenticator({
      store,
      clock,
      issuer,
      signingKeys,
      tokens: options.tokens,
      audiences: [issuer, API_AUDIENCE],
    }),
    admission,
    audit: createAuditTrail(options.audit, { clock, random }),
    dialKubelet: options.dialKubelet,
    watchProgress: () => progress.revision(),
    closing: closing.signal,
  };
  const server = await listen({ plane, host, port: options.port, tls: options.tls });
  const { port } = server.address() as AddressInfo;
  url = `https://${host}:${port}`;
  disposal.defer(async () => {
    closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  });
  await bootstrap(plane);
  disposal.defer(startCrdCleanup(plane));
  return { url, port, [Symbol.asyncDispose]: () => disposal.dispose() };
}
