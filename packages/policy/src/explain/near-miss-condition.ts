// Judges of conditions that did not hold: the mistakes of role trust policies first, then those of any.
import { operators } from '../operators.ts';
import type { Scope } from '../scope.ts';
import type { ConditionExam, StatementExam } from './examine.ts';
import type { NearMiss } from './near-miss.ts';

type ConditionJudge = (exam: ConditionExam, scope: Scope) => NearMiss | undefined;

/** The first that knows the mistake speaks for the condition. */
const judges: readonly ConditionJudge[] = [
  wildcardInEquals,
  otherIssuerKey,
  swappedKeys,
  subjectDiffers,
  variableAbsent,
  keyAbsent,
  valueCase,
  valueDiffers,
];

export function conditionJudge(exam: StatementExam, scope: Scope): readonly NearMiss[] {
  return exam.conditions
    .filter((condition) => !condition.holds)
    .flatMap((condition) => firstOpinion(condition, scope) ?? []);
}

function firstOpinion(exam: ConditionExam, scope: Scope): NearMiss | undefined {
  for (const judge of judges) {
    const opinion = judge(exam, scope);
    if (opinion) return opinion;
  }
  return undefined;
}

function wildcardInEquals(
  { operator, key, actual, wanted }: ConditionExam,
  scope: Scope,
): NearMiss | undefined {
  if (!/^(?:\w+:)?StringEquals/.test(operator)) return undefined;
  const like = operators.get('StringLike');
  const value = wanted.find(
    (text) => /[*?]/.test(text) && actual?.some((item) => like?.compile(text, true)(item, scope) === true),
  );
  if (value === undefined) return undefined;
  const fixed = operator.replace('StringEquals', 'StringLike').replace('IgnoreCase', '');
  return {
    kind: 'wildcard-in-equals',
    because: `${operator} takes the wildcard in "${value}" literally, and ${key} is "${shown(actual)}"`,
    fix: `Use ${fixed} instead of ${operator} for ${key}.`,
  };
}

/** `ISSUER:sub` where the issuer is written with its scheme, as an ARN, or is another one. */
function otherIssuerKey({ key, actual }: ConditionExam, scope: Scope): NearMiss | undefined {
  const claim = claimOf(key);
  if (actual || claim === undefined) return undefined;
  const present = Object.keys(scope.request.context).find((name) => claimOf(name) === claim);
  if (present === undefined) return undefined;
  const because = `its condition is on ${key}, and the token's key is ${present}`;
  return { kind: 'other-issuer-key', because, fix: `Write the condition key as ${present}.` };
}

/** The claim of a key like `oidc.example.com/id/1:sub`; issuers have a dot in their host name. */
function claimOf(key: string): string | undefined {
  const colon = key.lastIndexOf(':');
  return key.slice(0, colon).includes('.') ? key.slice(colon + 1).toLowerCase() : undefined;
}

function swappedKeys({ key, wanted }: ConditionExam, scope: Scope): NearMiss | undefined {
  const claim = claimOf(key);
  const sibling = claim === 'sub' ? 'aud' : claim === 'aud' ? 'sub' : undefined;
  if (sibling === undefined) return undefined;
  const other = `${key.slice(0, key.lastIndexOf(':'))}:${sibling}`;
  const value = wanted.find((text) => scope.values(other.toLowerCase())?.includes(text));
  if (value === undefined) return undefined;
  const because = `it wants "${value}" as ${key}, which is the token's ${sibling}`;
  return { kind: 'swapped-keys', because, fix: `Put "${value}" under ${other}.` };
}

const serviceAccount = /^system:serviceaccount:([^:]+):([^:]+)$/;

function subjectDiffers({ key, actual, wanted }: ConditionExam): NearMiss | undefined {
  const [, namespace, name] = serviceAccount.exec(actual?.[0] ?? '') ?? [];
  if (claimOf(key) !== 'sub' || namespace === undefined) return undefined;
  const others = wanted.map((text) => serviceAccount.exec(text) ?? []);
  const differs = others.some(([, , other]) => other === name)
    ? 'namespace'
    : others.some(([, other]) => other === namespace)
      ? 'service account'
      : 'namespace and service account';
  const because = `it wants the subject ${quoted(wanted)}, and the token's is "${actual?.[0]}": another ${differs}`;
  const fix = `Run the pod as the service account that the policy names, or let it name "system:serviceaccount:${namespace}:${name}".`;
  return { kind: 'subject-differs', because, fix };
}

function variableAbsent({ key, unresolved }: ConditionExam): NearMiss | undefined {
  if (!unresolved) return undefined;
  const because = `${unresolved.join(', ')} in its condition on ${key} has no value in the request`;
  return { kind: 'variable-absent', because, fix: "Give the variable a default, as in ${key, 'value'}." };
}

function keyAbsent({ operator, key, actual }: ConditionExam): NearMiss | undefined {
  if (actual) return undefined;
  const because = `the key ${key} of its ${operator} condition is not in the request`;
  return {
    kind: 'key-absent',
    because,
    fix: `Make the call so that it carries ${key}, or use ${operator}IfExists.`,
  };
}

function valueCase({ operator, key, actual, wanted }: ConditionExam): NearMiss | undefined {
  const same = wanted.find((text) => actual?.some((item) => item.toLowerCase() === text.toLowerCase()));
  if (same === undefined || !operator.includes('String') || operator.includes('Not')) return undefined;
  const because = `it wants "${same}" as ${key}, and the request has "${shown(actual)}": another case`;
  return { kind: 'value-case', because, fix: `Write "${shown(actual)}", or use StringEqualsIgnoreCase.` };
}

function valueDiffers({ operator, key, actual, wanted }: ConditionExam): NearMiss {
  const because = `its ${operator} condition on ${key} wants ${quoted(wanted)}, and the request has "${shown(actual)}"`;
  return { kind: 'value-differs', because, fix: `Change the condition on ${key}, or the call.` };
}

function shown(actual: readonly string[] | null): string {
  return actual?.join('", "') ?? '';
}

function quoted(wanted: readonly string[]): string {
  return wanted.map((text) => `"${text}"`).join(' or ');
}
