// Who owns which field: the bridge from a write to the managed-fields algorithm.
import type { WriteContext } from '../managed-fields/update.ts';
import { applyPatch } from '../managed-fields/apply.ts';
import { trackUpdate } from '../managed-fields/update.ts';
import { apiVersionOf, type KubeObject } from '../object.ts';
import { timestamp, type Write } from './write.ts';

/** `after` with the managedFields that the write gives it; `before` is undefined on create. */
export function trackFields(write: Write, before: KubeObject | undefined, after: KubeObject): KubeObject {
  const managedFields = trackUpdate(before, after, contextOf(write, before === undefined));
  if (managedFields === undefined || managedFields.length === 0) delete after.metadata.managedFields;
  else after.metadata.managedFields = managedFields;
  return after;
}

/** The object that a server-side apply of `config` leads to; throws 409 with the conflicts. */
export function applyConfiguration(
  write: Write,
  live: KubeObject | undefined,
  config: KubeObject,
): KubeObject {
  const context = { ...contextOf(write, live === undefined), force: write.options.force === true };
  return applyPatch(live, config, context).object;
}

function contextOf(write: Write, creates: boolean): WriteContext {
  const { definition, options, subresource, plane } = write;
  return {
    manager: options.fieldManager,
    apiVersion: apiVersionOf(definition),
    subresource: creates ? '' : subresource,
    time: timestamp(plane),
    schema: definition.schema,
    source: definition.source,
    ignoredFields: ignoredFields(write),
  };
}

/** What the endpoint resets before storing is owned by nobody who writes there. */
function ignoredFields({ definition, subresource }: Write): string[] {
  if (!definition.hasStatus) return [];
  return subresource === 'status' ? ['spec'] : ['status'];
}
