// What is done for an InstallPlan, in order.
import type { Step } from '@pergola/controller-kit';
import type { InstallPlanRun } from './install-plan-run.ts';
import { installing } from './reconcile-installing.ts';
import { planning } from './reconcile-planning.ts';

export const installPlanSteps: readonly Step<InstallPlanRun>[] = [planning, installing];
