// The order of a reconciliation. Each step has a file of its own; a step that throws ends the run, and `outcome.ts` says
// what becomes of it.
import type { Step } from '@pergola/controller-kit';
import type { Run } from './run.ts';
import { adopt } from './steps/reconcile-adoption.ts';
import { update } from './steps/reconcile-changes.ts';
import { create } from './steps/reconcile-creation.ts';
import { release, remove } from './steps/reconcile-deletion.ts';
import { identify } from './steps/reconcile-identity.ts';
import { fillLateFields } from './steps/reconcile-late-fields.ts';
import { observe } from './steps/reconcile-observation.ts';
import { conclude } from './steps/reconcile-progress.ts';
import { assertOwnership, awaitTurn } from './steps/reconcile-ownership.ts';
import { fillReferences } from './steps/reconcile-references.ts';
import { fillSecrets } from './steps/reconcile-secrets.ts';
import { openSession } from './steps/reconcile-session.ts';
import { readSettings } from './steps/reconcile-settings.ts';
import { addDefaultTags } from './steps/reconcile-tags.ts';

export const steps: readonly Step<Run>[] = [
  { name: 'settings', run: readSettings },
  { name: 'release', run: release },
  { name: 'session', run: openSession },
  { name: 'references', run: fillReferences },
  { name: 'secrets', run: fillSecrets },
  { name: 'tags', run: addDefaultTags },
  { name: 'identity', run: identify },
  { name: 'turn', run: awaitTurn },
  { name: 'observation', run: observe },
  { name: 'ownership', run: assertOwnership },
  { name: 'deletion', run: remove },
  { name: 'adoption', run: adopt },
  { name: 'creation', run: create },
  { name: 'changes', run: update },
  { name: 'late fields', run: fillLateFields },
  { name: 'progress', run: conclude },
];
