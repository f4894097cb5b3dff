// The controller's own tags, which the kind merges with those of the spec.
import type { StepResult } from '@pergola/controller-kit';
import { defaultTagsOf } from '../default-tags.ts';
import type { Run } from '../run.ts';

export function addDefaultTags(run: Run): StepResult {
  run.want({ defaultTags: defaultTagsOf(run.context.resourceTags, run.kind, run.object) });
  return undefined;
}
