// Last step: how far the installation is, and the writing of the status when it says something new.
import { jsonEqual } from '@pergola/kernel';
import type { Step } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { timestamp } from '../../workload/conditions.ts';
import { nameOf } from '../kinds.ts';
import { tell } from './conditions.ts';
import { planFor } from './reconcile-plan.ts';
import type { SubscriptionRun } from './subscription-run.ts';

export const status: Step<SubscriptionRun> = {
  name: 'status',
  async run(run) {
    const { currentCSV } = run.status;
    if (currentCSV !== undefined) progress(run, currentCSV);
    const { lastUpdated: _before, ...said } = run.status;
    const { lastUpdated: _then, ...known } = (run.subscription['status'] ?? {}) as typeof run.status;
    if (jsonEqual(JSON.parse(JSON.stringify(said)), known)) return undefined;
    await run.patchStatus({ ...said, lastUpdated: timestamp(run.nowMs) });
    return undefined;
  },
};

function progress(run: SubscriptionRun, currentCSV: string): void {
  const installPlan = planFor(run, currentCSV);
  const installed = run.csvs.some((csv) => nameOf(csv) === currentCSV);
  if (installed) run.status = { ...run.status, installedCSV: currentCSV };
  tellPlan(run, installPlan);
  run.status = { ...run.status, state: stateOf(run, installPlan, installed) };
}

function stateOf(run: SubscriptionRun, installPlan: KubeResource | undefined, installed: boolean): string {
  if (installPlan?.['status']?.phase === 'Failed') return 'UpgradeFailed';
  if (!installed && run.status.installedCSV !== run.status.currentCSV) return 'UpgradePending';
  return run.latest ? 'AtLatestKnown' : 'UpgradeAvailable';
}

function tellPlan(run: SubscriptionRun, installPlan: KubeResource | undefined): void {
  const phase: string = installPlan?.['status']?.phase ?? '';
  const isPending = installPlan !== undefined && phase !== 'Complete' && phase !== 'Failed';
  const reason = phase === '' ? 'NotYetReconciled' : phase;
  tell(run, 'InstallPlanPending', isPending ? { status: 'True', reason } : undefined);
  tell(run, 'InstallPlanFailed', phase === 'Failed' ? failureOf(installPlan) : undefined);
}

function failureOf(installPlan: KubeResource | undefined) {
  const conditions: readonly { type: string; reason?: string; message?: string }[] =
    installPlan?.['status']?.conditions ?? [];
  const installed = conditions.find(({ type }) => type === 'Installed');
  return { status: 'True', reason: installed?.reason, message: installed?.message };
}
