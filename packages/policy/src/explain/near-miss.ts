// The mistakes by which a statement nearly allows, as a closed set. The links are those of the trust chain
// (R1–R6, P1, P6). Who finds them: judges.ts.
import type { StatementExam } from './examine.ts';
import type { Scope } from '../scope.ts';

/** The kinds of mistakes, with the link of the trust chain that each breaks. */
export const nearMissLinks = {
  'wildcard-in-equals': 'R1',
  'other-issuer-key': 'R2',
  'swapped-keys': 'R3',
  'subject-differs': 'R4',
  'provider-differs': 'R5',
  'assume-role-action': 'R6',
  'object-arn-for-bucket': 'P1',
  'bucket-arn-for-object': 'P1',
  'log-group-suffix': 'P1',
  'action-without-resource': 'P1',
  'resource-case': 'P1',
  'key-absent': 'P6',
  'variable-absent': 'P6',
  'value-case': undefined,
  'value-differs': undefined,
  'principal-differs': undefined,
} as const;

export type NearMissKind = keyof typeof nearMissLinks;

export interface NearMiss {
  readonly kind: NearMissKind;
  /** A clause that continues "the closest is statement 0 of …, but ". */
  readonly because: string;
  readonly fix: string;
}

/** Looks at one statement that did not match; silent unless it knows the mistake. */
export type Judge = (exam: StatementExam, scope: Scope) => readonly NearMiss[];
