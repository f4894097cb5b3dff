// The validation of a forwarder of logging.openshift.io/v1 as steps: the first that fails ends the run.
import type { StepResult } from '@pergola/controller-kit';
import { invalid, notReady, plainReady } from '../conditions.ts';
import {
  instanceName,
  isLegacyInstance,
  legacyCollector,
  legacyServiceAccount,
  loggingNamespace,
} from '../names.ts';
import { goList } from '../validate/findings.ts';
import {
  validateLegacyFilters,
  validateLegacyInputs,
  validateLegacyPipelines,
} from '../validate/legacy-items.ts';
import { validateLegacyOutputs } from '../validate/legacy-outputs.ts';
import { placementOf } from '../cluster-logging/placement.ts';
import { legacyTypes } from './collected-types.ts';
import { permissionProblem } from './permission.ts';
import { removeCollector } from './reconcile-removal.ts';
import type { LegacyRun } from './run.ts';

/** Changes of roles are seen by a watch; the API server may hear of them later than we do. */
const permissionRetryMs = 10_000;

/** Says why the forwarder is not ready and ends the run; the collector that runs stays as it is. */
function refuse(run: LegacyRun, message: string): 'stop' {
  run.conditions.push(notReady('Invalid', message), invalid(message));
  return 'stop';
}

export function checkName(run: LegacyRun): StepResult {
  const { identity } = run;
  const { namespace, name } = identity;
  if (namespace === loggingNamespace && name === legacyCollector) {
    return refuse(
      run,
      `Name "${name}" conflicts with an object for the legacy ClusterLogForwarder deployment.  Choose another`,
    );
  }
  if (/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return undefined;
  const rule =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
  return refuse(run, `Name "${name}" will result in an invalid object: ${goList([rule])}`);
}

/** The legacy forwarder runs as its ClusterLogging says, and not at all without one. */
export async function checkClusterLogging(run: LegacyRun): Promise<StepResult> {
  const { identity, clusterLogging } = run;
  if (!isLegacyInstance(identity)) return undefined;
  if (!clusterLogging?.collection) {
    await removeCollector(run);
    return refuse(
      run,
      `ClusterLogForwarder '${loggingNamespace}/${instanceName}' is dependent on a ClusterLogging instance with a valid spec.collector configuration`,
    );
  }
  const { placement, problem } = placementOf(clusterLogging);
  if (problem !== undefined) return refuse(run, problem);
  run.placement = placement;
  return undefined;
}

export async function checkItems(run: LegacyRun): Promise<StepResult> {
  const { spec, findings, conditions, cluster } = run;
  if ((spec.pipelines ?? []).length === 0) {
    await removeCollector(run);
    return refuse(run, 'ClusterLogForwarder disabled');
  }
  if (!validateLegacyFilters(spec, findings)) {
    return refuse(run, 'One or more errors are present in defined filters.');
  }
  validateLegacyInputs(spec, findings);
  validateLegacyOutputs(spec, findings, { ...cluster, clusterPrefix: await cluster.infrastructureName() });
  const wrong = validateLegacyPipelines(spec, findings);
  if (wrong.length === 0) return undefined;
  conditions.push(
    notReady('Invalid', `invalid clf spec; one or more errors present: ${goList(wrong)}`),
    invalid('clusterlogforwarder is not ready'),
  );
  return 'stop';
}

/** The legacy forwarder's account is the operator's own; others must exist and be allowed. */
export async function checkServiceAccount(run: LegacyRun): Promise<StepResult> {
  const { identity, spec, cluster } = run;
  if (isLegacyInstance(identity)) return undefined;
  const { namespace } = identity;
  const { serviceAccountName = '' } = spec;
  if (namespace === loggingNamespace && serviceAccountName === legacyServiceAccount) {
    return refuse(
      run,
      `${legacyServiceAccount} is a reserved serviceaccount name for legacy ClusterLogForwarder(openshift-logging/instance)`,
    );
  }
  if (serviceAccountName === '') {
    return refuse(run, 'custom clusterlogforwarders must specify a service account name');
  }
  if (!cluster.hasServiceAccount(serviceAccountName)) {
    await removeCollector(run);
    return refuse(run, `service account not found: ${namespace}/${serviceAccountName}`);
  }
  const problem = await permissionProblem(run, legacyTypes(spec));
  if (problem === undefined) return undefined;
  await removeCollector(run);
  refuse(run, problem);
  return { requeueAfterMs: permissionRetryMs, stop: true };
}

export function sayReady({ conditions }: LegacyRun): undefined {
  conditions.push(plainReady);
}
