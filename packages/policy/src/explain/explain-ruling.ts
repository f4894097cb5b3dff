// The steps of a decision: one for each layer that took part, in the order in which they are asked, the
// deciding one the first that failed.
import type { Outcome, Step } from '@pergola/kernel';
import type { Scope } from '../scope.ts';
import type { Hit } from '../survey.ts';
import type { PolicyLayer } from '../verdict.ts';
import { evidenceOf, examinePolicy, nameOfStatement, type StatementExam } from './examine.ts';
import { nearMissesOf } from './judges.ts';
import { type Decided, type Layer, layersOf } from './layers.ts';
import { nearMissLinks } from './near-miss.ts';

/** Statements shown in the evidence of one step, the closest first. */
const shownMax = 20;

export function explainRuling(decided: Decided): readonly Step[] {
  const steps: Step[] = [];
  let reached = false;
  for (const layer of layersOf(decided)) {
    const deciding = layer.name === decided.ruling.layer;
    reached ||= deciding;
    steps.push(stepOf(layer, decided, reached));
  }
  return steps;
}

function stepOf(layer: Layer, decided: Decided, reached: boolean): Step {
  const { scope, ruling } = decided;
  const asked = `${scope.request.action} on ${scope.request.resource}`;
  if (layer.deny) return denyStep(layer, layer.deny, asked, scope);
  if (layer.allow) {
    const because = `${nameOfStatement(layer.allow)} allows ${asked}`;
    return { check: `policy.${layer.name}`, outcome: 'passed', because };
  }
  if (layer.name === 'identity' && scope.request.principal.kind === 'root') {
    return { check: 'policy.identity', outcome: 'passed', because: 'the account root needs no policy' };
  }
  if (ruling.decision === 'allow') {
    const because = `${layersInWords[layer.name]} does not allow ${asked}, and need not: ${ruling.hit ? nameOfStatement(ruling.hit) : 'another layer'} does`;
    return { check: `policy.${layer.name}`, outcome: 'skipped', because };
  }
  return missingStep(layer, decided, reached ? 'failed' : 'skipped');
}

function denyStep(layer: Layer, hit: Hit, asked: string, scope: Scope): Step {
  const because = `${nameOfStatement(hit)} denies ${asked}`;
  const exams = examinePolicy(hit.policy, { scope, principals: layer.principals });
  const exam = exams[hit.statement.index];
  return {
    check: `policy.${layer.name}`,
    outcome: 'failed',
    because,
    evidence: { statements: exam ? [evidenceOf(exam)] : [] },
    fix: `Change ${nameOfStatement(hit)}: a Deny wins over every Allow.`,
    ...linked(linkOf(layer.name, scope)),
  };
}

function missingStep(layer: Layer, { scope }: Decided, outcome: Outcome): Step {
  const { action, resource } = scope.request;
  const exams = layer.policies
    .flatMap((policy) => examinePolicy(policy, { scope, principals: layer.principals }))
    .filter((exam) => exam.statement.source.effect === 'Allow')
    .sort(byDistance);
  const closest = exams[0];
  const misses = closest && isClose(closest) ? nearMissesOf(closest, scope) : [];
  const [first] = misses;
  const reason = first && closest ? `; the closest is ${nameOfStatement(closest)}, but ${first.because}` : '';
  const count = layer.policies.length;
  const none =
    count === 0 ? `${layersInWords[layer.name]} is empty` : `${layersInWords[layer.name]} does not allow`;
  return {
    check: `policy.${layer.name}`,
    outcome,
    because: `${none}${count === 0 ? ', so nothing allows' : ''} ${action} on ${resource}${reason}`,
    evidence: {
      policies: layer.policies.map((policy) => policy.name),
      statements: exams.slice(0, shownMax).map(evidenceOf),
      nearMisses: misses.map(({ kind, because }) => ({ kind, because })),
    },
    fix: first?.fix ?? `Let ${layersInWords[layer.name]} allow ${action} on ${resource}.`,
    ...linked((first && nearMissLinks[first.kind]) ?? linkOf(layer.name, scope)),
  };
}

/** Fewest mismatches first; among equals, the one whose action matches. */
function byDistance(left: StatementExam, right: StatementExam): number {
  return left.failed.length - right.failed.length || Number(right.action) - Number(left.action);
}

/** A statement about something else altogether teaches nothing. */
function isClose(exam: StatementExam): boolean {
  return exam.action ? exam.failed.length < 4 : exam.failed.length === 1;
}

const layersInWords: Readonly<Record<PolicyLayer, string>> = {
  identity: 'the identity’s set of policies',
  resource: 'the resource’s policy',
  boundary: 'the permissions boundary',
  session: 'the session’s set of policies',
  'service-control': 'the organization’s set of service control policies',
  trust: 'the role’s trust policy',
};

function linkOf(layer: PolicyLayer, scope: Scope): string | undefined {
  if (layer === 'service-control') return scope.action.startsWith('sts:') ? 'R10' : 'P5';
  return { identity: 'P1', boundary: 'P2', session: 'P3', resource: 'P4', trust: undefined }[layer];
}

function linked(link: string | undefined): { link?: string } {
  return link === undefined ? {} : { link };
}
