// The webhook dispatcher: mutating webhooks one after the other, once more where an object changed after they
// saw it; validating ones all at once. Follows k8s.io/apiserver/pkg/admission/plugin/webhook.
import { type Clock, jsonEqual, ok, type Random } from '@pergola/kernel';
import type { Store } from '@pergola/store';
import type { AdmissionRequest } from '../../contract.ts';
import { faults } from '../../faults.ts';
import { KubeStatus } from '../../kube-status.ts';
import type { KubeObject } from '../../object.ts';
import { applyJsonPatch } from '../../patch/json-patch.ts';
import { type CallContext, callWebhook } from './call-webhook.ts';
import type { ServiceReference, Webhook, WebhookKind, WebhookSource } from './configuration.ts';
import type { WebhookConnections } from './connections.ts';
import { wants } from './matching.ts';
import { type Decision, readReview, reviewOf } from './review.ts';
import { type Address, serviceEndpoint } from './service-endpoint.ts';

/** Where a Service answers, for who knows better than its Endpoints; undefined to ask those. */
export type ResolveService = (namespace: string, name: string, port: number) => Address | undefined;

export interface WebhookOptions {
  readonly store: Store;
  readonly source: WebhookSource;
  readonly connections: WebhookConnections;
  readonly clock: Clock;
  readonly random: Random;
  readonly resolveService: ResolveService | undefined;
}

interface Dispatch extends CallContext {
  readonly store: Store;
  readonly random: Random;
}

export interface WebhookAdmission {
  mutate(request: AdmissionRequest): Promise<KubeObject | undefined>;
  validate(request: AdmissionRequest): Promise<void>;
}

const DEFAULT_TIMEOUT_SECONDS = 10;

export function createWebhookAdmission(options: WebhookOptions): WebhookAdmission {
  const { source, store, clock, random, connections } = options;
  const dispatch: Dispatch = { store, clock, random, connections, resolve: resolverOf(options) };
  const wanting = (kind: WebhookKind, request: AdmissionRequest) =>
    source.list(kind).filter((webhook) => wants(webhook, request, store));
  return {
    mutate: (request) => mutate(request, source.list('mutating'), dispatch),
    async validate(request) {
      const decisions = await Promise.allSettled(
        wanting('validating', request).map((webhook) => ask(webhook, 'validating', request, dispatch)),
      );
      for (const decision of decisions) if (decision.status === 'rejected') throw decision.reason;
    },
  };
}

function resolverOf({ resolveService, store, random }: WebhookOptions): CallContext['resolve'] {
  return (service: ServiceReference) => {
    const known = resolveService?.(service.namespace, service.name, service.port ?? 443);
    return known ? ok(known) : serviceEndpoint(service, { store, random });
  };
}

async function mutate(
  request: AdmissionRequest,
  webhooks: readonly Webhook[],
  dispatch: Dispatch,
): Promise<KubeObject | undefined> {
  let object = request.object;
  const again: { webhook: Webhook; after: KubeObject | undefined }[] = [];
  for (const webhook of webhooks) {
    const seen = { ...request, object };
    if (!wants(webhook, seen, dispatch.store)) continue;
    object = (await mutateOnce(webhook, seen, dispatch)) ?? object;
    if (webhook.reinvocationPolicy === 'IfNeeded') again.push({ webhook, after: object });
  }
  for (const { webhook, after } of again) {
    if (jsonEqual(after, object)) continue;
    object = (await mutateOnce(webhook, { ...request, object }, dispatch)) ?? object;
  }
  return object;
}

/** The object as the webhook wants it, or undefined when it wants nothing. */
async function mutateOnce(
  webhook: Webhook,
  request: AdmissionRequest,
  dispatch: Dispatch,
): Promise<KubeObject | undefined> {
  const decision = await ask(webhook, 'mutating', request, dispatch);
  if (decision?.patch === undefined || !request.object) return undefined;
  try {
    return applyJsonPatch(request.object, decision.patch) as KubeObject;
  } catch (error) {
    // The policy covers a patch that does not fit, as it covers an answer that does not come.
    return failed(webhook, (error as Error).message);
  }
}

/** The decision; undefined when the call failed and the policy ignores that. Throws the refusal. */
async function ask(
  webhook: Webhook,
  kind: WebhookKind,
  request: AdmissionRequest,
  dispatch: Dispatch,
): Promise<Decision | undefined> {
  if (request.dryRun && webhook.sideEffects !== 'None' && webhook.sideEffects !== 'NoneOnDryRun') {
    throw faults.badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
  }
  const review = reviewOf(webhook, request, dispatch.random.uuid());
  const seconds = webhook.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const answer = await callWebhook(webhook.clientConfig, review.body, seconds, dispatch);
  if (!answer.ok) return failed(webhook, answer.error);
  const decision = readReview(answer.value, review, kind);
  if (!decision.ok) return failed(webhook, decision.error);
  request.warnings.push(...decision.value.warnings);
  if (!decision.value.allowed) throw refusal(webhook.name, decision.value);
  return decision.value;
}

/** failurePolicy Ignore goes on as if there were no webhook. */
function failed(webhook: Webhook, why: string): undefined {
  if (webhook.failurePolicy === 'Ignore') return undefined;
  throw faults.internal(
    `failed calling webhook ${JSON.stringify(webhook.name)}: failed to call webhook: ${why}`,
  );
}

function refusal(name: string, { code, message, reason }: Decision): KubeStatus {
  const words = message || reason;
  const text = `admission webhook ${JSON.stringify(name)} denied the request`;
  const status = code !== undefined && code >= 400 ? code : 400;
  const sentence = words === '' ? `${text} without explanation` : `${text}: ${words}`;
  return new KubeStatus(status, reason || (status === 403 ? 'Forbidden' : 'BadRequest'), sentence);
}
