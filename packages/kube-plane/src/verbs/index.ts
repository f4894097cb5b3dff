// The generic verbs: what a kind can do unless its definition says otherwise.
import type { Handlers } from '../contract.ts';
import { watch } from '../watch/watch.ts';
import { create } from './create.ts';
import { deleteVerb } from './delete.ts';
import { deleteCollection } from './deletecollection.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { patch } from './patch.ts';
import { update } from './update.ts';

export const genericVerbs: Handlers = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: deleteVerb,
  deletecollection: deleteCollection,
};
