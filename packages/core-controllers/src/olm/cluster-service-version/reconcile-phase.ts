// Last: one move from phase to phase: Pending, InstallReady, Installing, Succeeded, and what leads back.
import type { Step, StepResult } from '@pergola/controller-kit';
import { nameOf, csvSpecOf } from '../kinds.ts';
import { targetRbac } from '../rbac.ts';
import type { CsvRun, Phase } from './csv-run.ts';
import { plannedDeployments, whyNotAvailable } from './deployments.ts';
import { setPhase, statusOf } from './phase.ts';
import { checkRequirements } from './requirements.ts';

/** An installation that is not healthy after this long has failed. */
const installTimeoutMs = 300_000;
const lookAgainMs = 5_000;

export const phase: Step<CsvRun> = {
  name: 'phase',
  run(run) {
    switch (statusOf(run).phase) {
      case undefined:
        return move(run, pending('RequirementsUnknown', 'requirements not yet checked'));
      case 'Pending':
        return fromPending(run);
      case 'InstallReady':
        return fromInstallReady(run);
      case 'Installing':
        return fromInstalling(run);
      case 'Succeeded':
        return fromSucceeded(run);
      case 'Failed':
        return fromFailed(run);
      default:
        return undefined;
    }
  },
};

const pending = (reason: string, message: string): Phase => ({ phase: 'Pending', reason, message });
const failure = (reason: string, message: string): Phase => ({ phase: 'Failed', reason, message });

async function move(run: CsvRun, next: Phase, requirements?: readonly object[]): Promise<StepResult> {
  await setPhase(run, next, requirements);
  return undefined;
}

async function fromPending(run: CsvRun): Promise<StepResult> {
  const strategy = run.spec.install?.strategy;
  if (strategy !== 'deployment') {
    return move(
      run,
      failure(
        'InvalidInstallStrategy',
        `install strategy invalid: unrecognized install strategy ${strategy}`,
      ),
    );
  }
  const { met, statuses } = await checkRequirements(run.csv, run.find);
  if (!met) {
    await setPhase(
      run,
      pending('RequirementsNotMet', "one or more requirements couldn't be found"),
      statuses,
    );
    return { requeueAfterMs: lookAgainMs };
  }
  const previous = run.siblings.find((each) => nameOf(each) === run.spec.replaces);
  const before = previous?.['status']?.phase;
  // The one that is replaced must have stepped aside first; it does so when it sees this one.
  if (previous && before !== 'Replacing' && before !== 'Deleting') return { requeueAfterMs: lookAgainMs };
  const conflict = ownerConflict(run);
  if (conflict !== undefined) return move(run, failure('OwnerConflict', conflict), statuses);
  const message = 'all requirements found, attempting install';
  return move(run, { phase: 'InstallReady', reason: 'AllRequirementsMet', message }, statuses);
}

/** Two operators of one namespace cannot own the same definition, unless one replaces the other. */
function ownerConflict({ csv, siblings, spec }: CsvRun): string | undefined {
  const own = new Set(spec.customresourcedefinitions?.owned?.map(({ name }) => name));
  const isRival = (other: typeof csv) =>
    nameOf(other) !== nameOf(csv) &&
    nameOf(other) !== spec.replaces &&
    csvSpecOf(other).replaces !== nameOf(csv) &&
    other['status']?.phase !== 'Deleting' &&
    csvSpecOf(other).customresourcedefinitions?.owned?.some(({ name }) => own.has(name));
  return siblings.some(isRival) ? 'conflicting CRD owner in namespace' : undefined;
}

async function fromInstallReady(run: CsvRun): Promise<StepResult> {
  const targets = (run.csv.metadata.annotations?.['olm.targetNamespaces'] ?? '').split(',');
  for (const wanted of targetRbac(run.csv, targets)) await run.ensure(wanted);
  for (const wanted of plannedDeployments(run.csv, run.subscriptionConfig)) await run.ensure(wanted);
  const message = 'waiting for install components to report healthy';
  return move(run, { phase: 'Installing', reason: 'InstallSucceeded', message });
}

async function fromInstalling(run: CsvRun): Promise<StepResult> {
  const waiting = whyNotAvailable(run);
  if (waiting === undefined) {
    const message = 'install strategy completed with no errors';
    return move(run, { phase: 'Succeeded', reason: 'InstallSucceeded', message });
  }
  const since = Date.parse(statusOf(run).lastTransitionTime ?? '');
  if (run.nowMs - since >= installTimeoutMs) {
    return move(run, failure('InstallCheckFailed', 'install timeout'));
  }
  await setPhase(run, { phase: 'Installing', reason: 'InstallWaiting', message: `installing: ${waiting}` });
  return { requeueAfterMs: installTimeoutMs - (run.nowMs - since) };
}

async function fromSucceeded(run: CsvRun): Promise<StepResult> {
  const { met, statuses } = await checkRequirements(run.csv, run.find);
  if (!met) return move(run, failure('RequirementsNotMet', 'requirements no longer met'), statuses);
  const waiting = whyNotAvailable(run);
  if (waiting === undefined) return undefined;
  return move(run, failure('ComponentUnhealthy', `installing: ${waiting}`));
}

async function fromFailed(run: CsvRun): Promise<StepResult> {
  const { reason } = statusOf(run);
  if (reason === 'InvalidInstallStrategy') return undefined;
  const { met, statuses } = await checkRequirements(run.csv, run.find);
  if (!met) return move(run, pending('RequirementsNotMet', 'requirements not met'), statuses);
  const waiting = whyNotAvailable(run);
  const message =
    waiting === undefined ? 'all requirements found, attempting install' : `installing: ${waiting}`;
  return move(run, pending('NeedsReinstall', message), statuses);
}
