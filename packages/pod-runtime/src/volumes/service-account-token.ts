// Tokens for projected volumes: asked from the TokenRequest API, bound to the pod, kept until they are due.
// A token is due at 80 % of its life or after 24 hours, with up to 10 s of jitter
// (pkg/kubelet/token/token_manager.go).
import { LruMap } from '@pergola/kernel';
import { KubeApiError, type KubeResource, type ResourceType } from '@pergola/kube-client';
import type { Pod } from '../pod.ts';
import { type VolumeContext, VolumeError } from './volume.ts';

const serviceAccounts: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'serviceaccounts',
  kind: 'ServiceAccount',
  namespaced: true,
};

export interface TokenSource {
  readonly audience?: string;
  readonly expirationSeconds?: number;
}

interface KeptToken {
  readonly token: string;
  readonly dueMs: number;
  readonly expiresMs: number;
}

/** The tokens of one node's pods. */
export class TokenCache {
  readonly #kept = new LruMap<string, KeptToken>(2048);

  /** A token that is not due yet, or a fresh one. An old one that is still valid serves while the server fails. */
  async token(pod: Pod, source: TokenSource, context: VolumeContext): Promise<string> {
    const key = `${pod.metadata.uid}/${source.audience ?? ''}/${source.expirationSeconds ?? 3600}`;
    const kept = this.#kept.get(key);
    const nowMs = context.clock.nowMs();
    if (kept && nowMs < kept.dueMs) return kept.token;
    try {
      const fresh = await requestToken(pod, source, context);
      this.#kept.set(key, fresh);
      return fresh.token;
    } catch (error) {
      if (kept && nowMs < kept.expiresMs) return kept.token;
      if (!(error instanceof KubeApiError)) throw error;
      throw new VolumeError(`failed to fetch token: ${error.message}`, { cause: error });
    }
  }
}

/** When a token of this life, issued now, is to be replaced. */
export function dueAfterMs(lifeMs: number, jitter: number): number {
  return Math.min(lifeMs * 0.8, 24 * 3_600_000) - jitter * 10_000;
}

async function requestToken(pod: Pod, source: TokenSource, context: VolumeContext): Promise<KeptToken> {
  const name = pod.spec.serviceAccountName ?? 'default';
  const namespace = pod.metadata.namespace ?? 'default';
  const request: KubeResource = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name, namespace },
    spec: {
      audiences: source.audience ? [source.audience] : [],
      expirationSeconds: source.expirationSeconds ?? 3600,
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid },
    },
  };
  const nowMs = context.clock.nowMs();
  const answer = await context.client.create(serviceAccounts, request, 'token');
  const status = answer['status'] as { token?: string; expirationTimestamp?: string } | undefined;
  if (!status?.token)
    throw new VolumeError('failed to fetch token: the TokenRequest answer carries no token');
  const expiresMs = status.expirationTimestamp ? Date.parse(status.expirationTimestamp) : nowMs + 3_600_000;
  return {
    token: status.token,
    expiresMs,
    dueMs: nowMs + dueAfterMs(expiresMs - nowMs, context.random.fraction()),
  };
}
