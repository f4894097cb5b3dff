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
import { snapshot } from '../storage/snapshot.ts';

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
  const limit = options.limit > 0 ? options.limit : undefined;
  // A page of everything needs no more than itself; a filter must look for its matches.
  const read = readFrom(plane, prefix, {
    ...startOf(plane, query),
    limit: filter.everything ? limit : undefined,
  });
  const picked = filter.everything
    ? read.entries
    : matching(definition, filter, read.entries, (limit ?? Infinity) + 1);
  const page = picked.slice(0, limit);
  const metadata: Record<string, unknown> = { resourceVersion: String(read.revision) };
  const last = page.at(-1);
  if (last && (picked.length > page.length || read.remaining > 0)) {
    metadata['continue'] = encodeContinue({
      revision: read.revision,
      start: last.key.slice(prefix.length),
    });
    if (read.remaining > 0) metadata['remainingItemCount'] = read.remaining;
  }
  return { texts: page.map((entry) => entry.value), metadata };
}

function matching(
  definition: ResourceDefinition,
  filter: ObjectFilter,
  entries: readonly Entry[],
  max: number,
): Entry[] {
  const found: Entry[] = [];
  for (const entry of entries) {
    if (!filter.matches(decodeStored(definition, entry.value))) continue;
    found.push(entry);
    if (found.length >= max) break;
  }
  return found;
}

interface Start {
  readonly revision: number | undefined;
  readonly after: string | undefined;
}

interface Range extends Start {
  readonly limit: number | undefined;
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

function readFrom(plane: Plane, prefix: string, range: Range) {
  try {
    return snapshot(plane.store, { prefix, ...range });
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    if (range.after === undefined) {
      throw faults.expired(`The resourceVersion for the provided list is too old.`);
    }
    throw faults.expiredContinue(encodeContinue({ revision: -1, start: range.after.slice(prefix.length) }));
  }
}
