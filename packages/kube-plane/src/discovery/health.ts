// /healthz, /livez and /readyz, with the verbose form.
import type { Call, Plane, WholeAnswer } from '../contract.ts';

const CHECKS = ['ping', 'store'];

export function healthAnswer(call: Call, plane: Plane): WholeAnswer {
  const kind = call.info.path.split('/')[1] ?? 'healthz';
  // Reading proves that the store answers; it throws when it does not.
  plane.store.revision();
  const verbose = call.query.has('verbose');
  const lines = CHECKS.map((check) => `[+]${check} ok\n`).join('');
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
    body: verbose ? `${lines}${kind} check passed\n` : 'ok',
  };
}
