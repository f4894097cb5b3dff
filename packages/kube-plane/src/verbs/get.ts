// GET of one object.
import type { Handler } from '../contract.ts';
import { faults } from '../faults.ts';
import { textAnswer } from '../render/object-answer.ts';
import { assertNotFromFuture } from '../request/resource-version.ts';
import { keyOf } from '../storage/keys.ts';
import { resourceName } from './write.ts';

export const get: Handler = async (call, definition, plane) => {
  assertNotFromFuture(plane.store, call.query.get('resourceVersion') ?? '');
  const entry = plane.store.get(keyOf(definition, call.info.namespace, call.info.name));
  if (!entry) throw faults.notFound(resourceName(definition), call.info.name);
  return textAnswer(call, definition, plane, entry.value);
};
