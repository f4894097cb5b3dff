// A failure in a sentence: what was tried, what AWS answered, which link of the trust chain broke, what mends it.
import type { DeliveryFailure } from '../../config/delivery-report.ts';

/** In this order where they are known; other evidence follows. */
const evidenceOrder = ['action', 'resource', 'role', 'subject', 'audience', 'issuer'];

export function explanationOf(failure: DeliveryFailure): string {
  const { operation, reason, message, link, evidence = {}, fix, requestId } = failure;
  const known = Object.entries(evidence).toSorted(([a], [b]) => rank(a) - rank(b));
  const parts = [
    `${operation}: ${reason}`,
    message === '' ? '' : `the answer was: ${message.replace(/[.\s]+$/, '')}`,
    known.map(([name, value]) => `${name} ${value}`).join(', '),
    link === undefined ? '' : `broken link of the trust chain: ${link}`,
    fix === undefined ? '' : `to mend it: ${fix.replace(/[.\s]+$/, '')}`,
    requestId === undefined ? '' : `request ${requestId}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function rank(name: string): number {
  const at = evidenceOrder.indexOf(name);
  return at === -1 ? evidenceOrder.length : at;
}
