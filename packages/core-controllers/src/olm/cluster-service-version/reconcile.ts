// What is done for a ClusterServiceVersion, in order.
import type { Step } from '@pergola/controller-kit';
import type { CsvRun } from './csv-run.ts';
import { deletion } from './reconcile-deletion.ts';
import { group } from './reconcile-group.ts';
import { phase } from './reconcile-phase.ts';
import { replacement } from './reconcile-replacement.ts';

export const csvSteps: readonly Step<CsvRun>[] = [deletion, replacement, group, phase];
