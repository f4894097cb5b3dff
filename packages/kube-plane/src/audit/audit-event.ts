// One audit.k8s.io/v1 Event as a line of JSON. https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
import type { AuditStage, Call, UserInfo } from '../contract.ts';
import { statusObject } from '../render/status.ts';

/** What the trail knows of a request beside the call itself. */
export interface AuditedRequest {
  readonly call: Call;
  readonly auditId: string;
  /** As sent, with the query. */
  readonly uri: string;
  readonly receivedMs: number;
}

/** `code` is the HTTP status of the answer. */
export function auditLine(
  { call, auditId, uri, receivedMs }: AuditedRequest,
  stage: AuditStage,
  at: { readonly code: number; readonly nowMs: number },
): string {
  const { info, notes } = call;
  const discovery = !info.isResource || info.resource === '';
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: auditId,
    stage,
    requestURI: uri,
    verb: discovery ? call.method.toLowerCase() : info.verb,
    user: callerOf(call),
    impersonatedUser: notes.impersonator && userOf(call.user),
    sourceIPs: [call.remoteAddress],
    userAgent: call.headers['user-agent'],
    objectRef: discovery ? undefined : objectRefOf(call),
    responseStatus: responseStatusOf(call, at.code),
    requestReceivedTimestamp: microTime(receivedMs),
    stageTimestamp: microTime(at.nowMs),
    annotations: notes.decision && {
      'authorization.k8s.io/decision': notes.decision.allowed ? 'allow' : 'forbid',
      'authorization.k8s.io/reason': notes.decision.reason,
    },
  });
}

/** Nobody, when authentication itself failed. */
function callerOf(call: Call): object {
  const { notes } = call;
  if (notes.failure?.code === 401 && notes.decision === undefined) return {};
  return userOf(notes.impersonator ?? call.user);
}

function userOf({ username, uid, groups, extra }: UserInfo): object {
  return { username, uid, groups, extra };
}

function objectRefOf({ info, notes }: Call): object {
  return {
    resource: info.resource,
    namespace: info.namespace || undefined,
    name: info.name || notes.objectName || undefined,
    apiGroup: info.group || undefined,
    apiVersion: info.version,
    subresource: info.subresource || undefined,
  };
}

function responseStatusOf({ notes }: Call, code: number): object {
  if (!notes.failure) return { metadata: {}, code };
  const { metadata, status, message, reason, details } = statusObject(notes.failure);
  return { metadata, status, message, reason, details, code };
}

/** RFC 3339 with six digits, as MicroTime is written. */
function microTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000Z`;
}
