// The validation of a forwarder of observability.openshift.io/v1: everything is looked at, and only then decided.
import type { StepResult } from '@pergola/controller-kit';
import type { NewCondition } from '../conditions.ts';
import { goList } from '../validate/findings.ts';
import { validateFilters, validateInputs, validatePipelines } from '../validate/items.ts';
import { validateOutputs } from '../validate/outputs.ts';
import { observabilityTypes } from './collected-types.ts';
import { permissionProblem } from './permission.ts';
import { removeCollector } from './reconcile-removal.ts';
import type { ObservabilityRun } from './run.ts';

const prefix = 'observability.openshift.io';
const permissionRetryMs = 10_000;

function condition(type: string, status: boolean, reason: string, message: string): NewCondition {
  return { type, status: status ? 'True' : 'False', reason, message };
}

/** A forwarder that nobody manages is left alone. */
export function checkManagement({ spec, conditions }: ObservabilityRun): StepResult {
  if (spec.managementState !== 'Unmanaged') return undefined;
  conditions.push({
    type: 'Ready',
    status: 'Unknown',
    reason: 'ManagementStateUnmanaged',
    message: 'Updates are ignored when the managementState is Unmanaged',
  });
  return 'stop';
}

export async function authorize(run: ObservabilityRun): Promise<undefined> {
  const { spec, names, conditions, cluster } = run;
  const authorized = (status: boolean, reason: string, message: string) => {
    conditions.push(condition(`${prefix}/Authorized`, status, reason, message));
  };
  if (!cluster.hasServiceAccount(names.serviceAccount)) {
    authorized(false, 'ServiceAccountDoesNotExist', `serviceaccounts "${names.serviceAccount}" not found`);
    return;
  }
  const types = observabilityTypes(spec);
  const problem = await permissionProblem(run, types);
  if (problem === undefined) {
    authorized(true, 'ClusterRolesExist', `permitted to collect log types: ${goList(types)}`);
  } else authorized(false, 'ClusterRoleMissing', problem);
}

export function checkSpec(run: ObservabilityRun): undefined {
  const { spec, findings, conditions, cluster, identity } = run;
  validateInputs(spec, findings);
  validateOutputs(spec, findings, cluster);
  validateFilters(spec, findings);
  validatePipelines(spec, findings);
  const items = Object.values(findings).flatMap((found) => [...found.values()].flat());
  const broken = items.some(({ status }) => status !== 'True');
  const problem =
    ownProblem(spec, identity.name) ??
    (broken ? 'one or more of inputs, outputs, pipelines, filters have a validation failure' : undefined);
  conditions.push(
    problem === undefined
      ? condition(`${prefix}/Valid`, true, 'ValidationSuccess', '')
      : condition(`${prefix}/Valid`, false, 'ValidationFailure', problem),
  );
}

/** What is wrong with the forwarder beside its items. */
function ownProblem(
  { collector, pipelines = [] }: ObservabilityRun['spec'],
  name: string,
): string | undefined {
  if (!/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) return 'Name must be a valid DNS1035 label';
  if (pipelines.length === 0) return 'spec.pipelines must have at least one pipeline';
  return collector?.networkPolicy?.ruleSet === 'RestrictIngressEgress'
    ? 'spec.collector.networkPolicy.ruleSet RestrictIngressEgress is not implemented'
    : undefined;
}

/** Ends the run when anything is wrong. A collector that may not collect is removed; otherwise it stays as it is. */
export async function decide(run: ObservabilityRun): Promise<StepResult> {
  const { conditions } = run;
  const isFalse = (type: string) => conditions.some((each) => each.type === type && each.status === 'False');
  const unauthorized = isFalse(`${prefix}/Authorized`);
  if (!unauthorized && !isFalse(`${prefix}/Valid`)) return undefined;
  conditions.push(condition('Ready', false, 'ValidationFailure', 'collector not ready'));
  if (!unauthorized) return 'stop';
  await removeCollector(run);
  return { requeueAfterMs: permissionRetryMs, stop: true };
}

export function sayReady({ conditions }: ObservabilityRun): undefined {
  conditions.push(condition('Ready', true, 'ReconciliationComplete', ''));
}
