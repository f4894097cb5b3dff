// The audit trail: what the server tells of each request while it is answered. Without a sink there is none.
import type { Clock, Random } from '@pergola/kernel';
import type { AuditTrail, Call } from '../contract.ts';
import { auditLine } from './audit-event.ts';
import { isAudited } from './policy.ts';

/**
 * Takes one audit Event, a line of JSON without its end. `group` is the API group that was asked, '' for the core and for
 * paths outside of the API. Called before the request's end: it must return at once.
 */
export type AuditSink = (line: string, group: string) => void;

/** Longer ids of clients are cut, as upstream. */
const auditIdMax = 64;

export function createAuditTrail(
  sink: AuditSink | undefined,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): AuditTrail {
  return {
    begin(call, uri) {
      const auditId = givenId(call) ?? random.uuid();
      if (!sink || !isAudited(call)) return { auditId, tell: () => {} };
      const request = { call, auditId, uri, receivedMs: clock.nowMs() };
      return {
        auditId,
        tell: (stage, code) =>
          sink(auditLine(request, stage, { code, nowMs: clock.nowMs() }), call.info.group),
      };
    },
  };
}

function givenId(call: Call): string | undefined {
  const given = call.headers['audit-id'];
  return typeof given === 'string' && given !== '' ? given.slice(0, auditIdMax) : undefined;
}
