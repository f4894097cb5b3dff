// GET of a collection: selectors, pages, and reads at a revision of the past.
import { CompactedError, type Entry } from '@pergola/store';
import type { Handler, Plane, ResourceDefinition } from '../contract.ts';
import { faults } from '../faults.ts';
import { listAnswer } from '../render/object-answer.ts';
import { decodeContinue, encodeContinue } from '../request/continue-token.ts';
import { assertListOptions } from '../request/list-rules.ts';
import { type ListOptions, listOptionsOf } from '../request/options.ts';
import { assertNotFromFuture } from '../request/resource-version.ts';
import { filterOf, type ObjectFilter } from '../storage/filter.ts';
import { prefixOf } from '../storage/keys.ts';
import { decodeStored } from '../storage/objects.ts';
import { countAfter, snapshot } from '../storage/snapshot.ts';

export const list: Handler = async (call, definition, plane) => {
  const options = listOptionsOf(call);
  assertListOptions(options, false);
  const prefix = prefixOf(definition, definition.namespaced ? call.info.namespace : '');
  const page = readPage(plane, definition, {
    prefix,
    options,
    filter: filterOf(definition, options),
  });
  return listAnswer(call, definition, plane, page);
};

export interface PageQuery {
  readonly prefix: string;
  readonly options: ListOptions;
  readonly filter: ObjectFilter;
}

export interface Page {
  readonly texts: string[];
  readonly metadata: Record<string, unknown>;
}

/** Reads one page. Throws 400, 410 and 504 as the resourceVersion and the continue token deserve. */
export function readPage(plane: Plane, definition: ResourceDefinition, query: PageQuery): Page {
  const { prefix, options, filter } = query;
  const start = startOf(plane, query);
  const limit = options.limit > 0 ? options.limit : undefined;
  const picked: Entry[] = [];
  const from = readFrom(plane, prefix, start);
  const all = from.entries;
  let more = false;
  for (const entry of all) {
    if (!filter.everything && !filter.matches(decodeStored(definition, entry.value))) continue;
    if (limit !== undefined && picked.length >= limit) {
      more = true;
      break;
    }
    picked.push(entry);
  }
  const metadata: Record<string, unknown> = { resourceVersion: String(from.revision) };
  const last = picked.at(-1);
  if (more && last) {
    metadata['continue'] = encodeContinue({
      revision: from.revision,
      start: last.key.slice(prefix.length),
    });
    if (filter.everything) metadata['remainingItemCount'] = countAfter(plane.store, prefix, last.key);
  }
  return { texts: picked.map((entry) => entry.value), metadata };
}

interface Start {
  readonly revision: number | undefined;
  readonly after: string | undefined;
}

function startOf(plane: Plane, { prefix, options }: PageQuery): Start {
  if (options.continueToken !== '') {
    if (options.resourceVersion !== '' && options.resourceVersion !== '0') {
      throw faults.badRequest('specifying resource version is not allowed when using continue');
    }
    const token = decodeContinue(options.continueToken);
    return {
      revision: token.revision > 0 ? token.revision : undefined,
      after: prefix + token.start,
    };
  }
  const wanted = assertNotFromFuture(plane.store, options.resourceVersion);
  const exact = options.resourceVersionMatch === 'Exact';
  return { revision: exact ? wanted : undefined, after: undefined };
}

function readFrom(plane: Plane, prefix: string, start: Start) {
  try {
    return snapshot(plane.store, { prefix, ...start });
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    if (start.after === undefined) {
      throw faults.expired(`The resourceVersion for the provided list is too old.`);
    }
    throw faults.expiredContinue(encodeContinue({ revision: -1, start: start.after.slice(prefix.length) }));
  }
}
