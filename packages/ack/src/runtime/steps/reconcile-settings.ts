// What annotations of the resource and of its namespace say; a paused resource is left alone.
import type { StepResult } from '@pergola/controller-kit';
import { dependency } from '../cluster/lookup.ts';
import { conditionTypes, messages } from '../names.ts';
import type { Run } from '../run.ts';
import { settingsOf } from '../settings.ts';

export async function readSettings(run: Run): Promise<StepResult> {
  const { lookup, defaults } = run.context;
  run.dependencies.add(dependency.namespace(run.namespace));
  const namespace = await lookup.namespace(run.namespace);
  run.settings = settingsOf(run.kind, run.object, namespace, defaults);
  if (!run.settings.isPaused) return undefined;
  run.conditions.advise(
    'Paused',
    'the annotation services.k8s.aws/pause keeps the controller from this resource',
  );
  run.conditions.set(conditionTypes.synced, 'Unknown', { message: messages.unknown, reason: 'Paused' });
  return 'stop';
}
