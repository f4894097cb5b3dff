// The steps of a decision: one for each layer that took part.
import type { Step } from '@pergola/kernel';
import type { PolicySet } from '../request.ts';
import type { Ruling } from '../ruling.ts';
import type { Scope } from '../scope.ts';
import type { Survey } from '../survey.ts';

/** A decision with everything it was made from. */
export interface Decided {
  readonly scope: Scope;
  readonly policies: PolicySet;
  readonly survey: Survey;
  readonly ruling: Ruling;
}

export function explainRuling({ scope, ruling }: Decided): readonly Step[] {
  const allowed = ruling.decision === 'allow';
  return [
    {
      check: `policy.${ruling.layer}`,
      outcome: allowed ? 'passed' : 'failed',
      because: `${scope.request.action} on ${scope.request.resource}: ${ruling.decision}`,
    },
  ];
}
