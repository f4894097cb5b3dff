// The one question this package answers: may this principal do this to that? Pure and synchronous.
import type { Step } from '@pergola/kernel';
import { explainRuling } from './explain/explain-ruling.ts';
import type { PolicySet } from './policy-set.ts';
import type { AuthorizationRequest } from './request.ts';
import { type Ruling, ruleOn } from './ruling.ts';
import { Scope } from './scope.ts';
import { type Survey, surveyLayers } from './survey.ts';
import type { DecidingStatement, Decision, PolicyLayer, PolicyVerdict } from './verdict.ts';

/** Decides by every layer of `policies`. Never throws; the steps are made when they are read. */
export function evaluate(request: AuthorizationRequest, policies: PolicySet): PolicyVerdict {
  const survey = surveyLayers(new Scope(request), policies);
  return new EvaluatedVerdict(request, policies, survey);
}

class EvaluatedVerdict implements PolicyVerdict {
  readonly allowed: boolean;
  readonly decision: Decision;
  readonly layer: PolicyLayer;
  readonly statement: DecidingStatement | undefined;
  readonly #request: AuthorizationRequest;
  readonly #policies: PolicySet;
  readonly #survey: Survey;
  readonly #ruling: Ruling;
  #steps: readonly Step[] | undefined;

  constructor(request: AuthorizationRequest, policies: PolicySet, survey: Survey) {
    const ruling = ruleOn(survey, request, policies);
    this.allowed = ruling.decision === 'allow';
    this.decision = ruling.decision;
    this.layer = ruling.layer;
    this.statement = ruling.hit && {
      policy: ruling.hit.policy.name,
      index: ruling.hit.statement.index,
      sid: ruling.hit.statement.source.sid,
    };
    this.#request = request;
    this.#policies = policies;
    this.#survey = survey;
    this.#ruling = ruling;
  }

  get steps(): readonly Step[] {
    this.#steps ??= explainRuling({
      scope: new Scope(this.#request),
      policies: this.#policies,
      survey: this.#survey,
      ruling: this.#ruling,
    });
    return this.#steps;
  }
}
