// AdmissionReview, in v1 and v1beta1: the question, and the reading of the answer.
import { fail, isRecord, ok, type Result } from '@pergola/kernel';
import type { AdmissionRequest } from '../../contract.ts';
import { apiVersionOf } from '../../object.ts';
import { wireUser } from '../../authn/wire-user.ts';
import type { Webhook, WebhookKind } from './configuration.ts';

const WARNINGS_MAX = 50;

export interface Review {
  readonly version: 'v1' | 'v1beta1';
  readonly uid: string;
  readonly body: Record<string, unknown>;
}

/** The first version of the webhook's list that we speak. */
export function reviewOf(webhook: Webhook, request: AdmissionRequest, uid: string): Review {
  const version = webhook.admissionReviewVersions.find((each) => each === 'v1' || each === 'v1beta1');
  const { definition, subresource } = request;
  const { group, version: apiVersion, kind, plural } = definition;
  const gvk = { group, version: apiVersion, kind };
  const gvr = { group, version: apiVersion, resource: plural };
  const part = subresource === '' ? {} : { subResource: subresource, requestSubResource: subresource };
  return {
    version: version === 'v1' ? 'v1' : 'v1beta1',
    uid,
    body: {
      kind: 'AdmissionReview',
      apiVersion: `admission.k8s.io/${version}`,
      request: {
        uid,
        kind: gvk,
        resource: gvr,
        ...part,
        requestKind: gvk,
        requestResource: gvr,
        ...(request.name === '' ? {} : { name: request.name }),
        ...(request.namespace === '' ? {} : { namespace: request.namespace }),
        operation: request.operation,
        userInfo: wireUser(request.user),
        object: request.object ? { ...request.object, apiVersion: apiVersionOf(definition) } : null,
        oldObject: request.oldObject ?? null,
        dryRun: request.dryRun,
        options: request.options,
      },
    },
  };
}

export interface Decision {
  readonly allowed: boolean;
  /** Of a refusal. */
  readonly code: number | undefined;
  readonly message: string;
  readonly reason: string;
  readonly warnings: readonly string[];
  /** JSON Patch operations of a mutating webhook. */
  readonly patch: unknown;
}

/** Reads the answer; a failure says what is wrong with it. v1beta1 answers need no TypeMeta and no uid. */
export function readReview(answer: unknown, review: Review, kind: WebhookKind): Result<Decision> {
  if (!isRecord(answer)) return fail('the answer is no JSON object');
  const { response } = answer;
  const complaint = review.version === 'v1' ? strictComplaint(answer, review) : undefined;
  if (complaint !== undefined) return fail(complaint);
  if (!isRecord(response)) return fail('webhook response was absent');
  const patch = readPatch(response, review.version, kind);
  if (!patch.ok) return patch;
  const status = isRecord(response['status']) ? response['status'] : {};
  const { code } = status;
  return ok({
    allowed: response['allowed'] === true,
    code: typeof code === 'number' ? code : undefined,
    message: String(status['message'] ?? ''),
    reason: String(status['reason'] ?? ''),
    warnings: Array.isArray(response['warnings'])
      ? response['warnings'].map(String).slice(0, WARNINGS_MAX)
      : [],
    patch: patch.value,
  });
}

/** What v1 demands beyond v1beta1: its own name, and the uid of the question. */
function strictComplaint(answer: Record<string, unknown>, review: Review): string | undefined {
  const { apiVersion = '', kind = '', response } = answer;
  if (apiVersion !== 'admission.k8s.io/v1' || kind !== 'AdmissionReview') {
    const got = `${apiVersion === '' ? '/' : String(apiVersion)}, Kind=${String(kind)}`;
    return `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${got}`;
  }
  const uid = isRecord(response) ? (response['uid'] ?? '') : review.uid;
  if (uid === review.uid) return undefined;
  return `expected response.uid=${JSON.stringify(review.uid)}, got ${JSON.stringify(uid)}`;
}

function readPatch(
  response: Record<string, unknown>,
  version: Review['version'],
  kind: WebhookKind,
): Result<unknown> {
  const { patch, patchType } = response;
  if (patch === undefined || patch === null || patch === '') return ok(undefined);
  if (kind === 'validating') return fail('webhook response.patch may not be set by a validating webhook');
  if (typeof patch !== 'string') return fail('webhook response.patch is not base64 text');
  if (version === 'v1' && patchType !== 'JSONPatch') {
    return fail(`invalid response.patchType of ${JSON.stringify(patchType ?? '')}, expected JSONPatch`);
  }
  try {
    return ok(JSON.parse(Buffer.from(patch, 'base64').toString('utf8')));
  } catch {
    return fail('webhook response.patch is not JSON');
  }
}
