// Judge of Principal elements that name somebody else.
import type { StatementExam } from './examine.ts';
import type { Scope } from '../scope.ts';
import type { NearMiss } from './near-miss.ts';

export function principalJudge(exam: StatementExam, scope: Scope): readonly NearMiss[] {
  const element = exam.statement.source.principal;
  if (exam.principal || !element || element.negated) return [];
  const who = scope.request.principal;
  const named = [...element.aws, ...element.service, ...element.federated].join(', ');
  if (who.kind === 'web-identity') {
    return [
      {
        kind: 'provider-differs',
        because: `its principal is ${named}, and the token's provider is ${who.providerArn}`,
        fix: `Set the statement’s Principal to {"Federated": "${who.providerArn}"}.`,
      },
    ];
  }
  const actual = who.kind === 'anonymous' ? 'anonymous' : who.kind === 'service' ? who.service : who.arn;
  const suggested = who.kind === 'role-session' ? who.roleArn : actual;
  const fix =
    who.kind === 'anonymous'
      ? 'Sign the request, or name "*" as the statement’s Principal if all the world is meant.'
      : `Name ${suggested} in the statement’s Principal.`;
  return [
    { kind: 'principal-differs', because: `its principal is ${named}, and the caller is ${actual}`, fix },
  ];
}
