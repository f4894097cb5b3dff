// Why a statement that nearly allowed did not, told as the mistake that people make: an ordered list of
// judges, each with one kind of mistake.
import type { StatementExam } from './examine.ts';
import type { Judge, NearMiss } from './near-miss.ts';
import { conditionJudge } from './near-miss-condition.ts';
import { principalJudge } from './near-miss-principal.ts';
import { resourceJudge } from './near-miss-resource.ts';
import type { Scope } from '../scope.ts';

const judges: readonly Judge[] = [actionJudge, principalJudge, resourceJudge, conditionJudge];

/** The mistakes in a statement, the most telling first. */
export function nearMissesOf(exam: StatementExam, scope: Scope): readonly NearMiss[] {
  return judges.flatMap((judge) => judge(exam, scope));
}

function actionJudge(exam: StatementExam, scope: Scope): readonly NearMiss[] {
  if (exam.action || scope.action !== 'sts:assumerolewithwebidentity') return [];
  if (!exam.statement.matchesAction('sts:assumerole')) return [];
  return [
    {
      kind: 'assume-role-action',
      because: 'it allows sts:AssumeRole, and a web identity needs sts:AssumeRoleWithWebIdentity',
      fix: 'Set the statement’s Action to sts:AssumeRoleWithWebIdentity.',
    },
  ];
}
