// DELETE of a collection: each selected object as if deleted alone.
import type { Handler } from '../contract.ts';
import { KubeStatus } from '../kube-status.ts';
import { listAnswer } from '../render/object-answer.ts';
import { assertListOptions } from '../request/list-rules.ts';
import { listOptionsOf } from '../request/options.ts';
import { filterOf } from '../storage/filter.ts';
import { prefixOf } from '../storage/keys.ts';
import { decodeStored } from '../storage/objects.ts';
import { deleteObject, deleteOptionsOf, withDryRun } from './delete.ts';
import { readPage } from './list.ts';
import { writeOf } from './write.ts';

export const deleteCollection: Handler = async (call, definition, plane) => {
  const options = listOptionsOf(call);
  assertListOptions(options, false);
  const deleteOptions = await deleteOptionsOf(call);
  const prefix = prefixOf(definition, definition.namespaced ? call.info.namespace : '');
  const page = readPage(plane, definition, { prefix, options, filter: filterOf(definition, options) });
  const write = withDryRun(writeOf(call, definition, plane), deleteOptions);
  for (const text of page.texts) {
    const { name, namespace = '' } = decodeStored(definition, text).metadata;
    try {
      await deleteObject({ ...write, namespace }, name, deleteOptions);
    } catch (error) {
      // Deleted by somebody else meanwhile: what was wanted has happened.
      if (!(error instanceof KubeStatus && error.reason === 'NotFound')) throw error;
    }
  }
  return listAnswer(call, definition, plane, page);
};
