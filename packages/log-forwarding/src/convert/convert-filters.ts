// Filters: those of a pipeline's own fields become filters like any other.
import type { Filter } from '../operator/spec/forwarder-spec.ts';
import type { LegacyFilter, LegacyPipeline } from '../operator/spec/legacy-forwarder-spec.ts';
import type { Notes } from './conversion.ts';
import type { ItemNames } from './item-names.ts';

const required = '.log_source';

export function convertFilter(filter: LegacyFilter, names: ItemNames, notes: Notes): Filter {
  const { name = '', type = '', drop, prune, kubeAPIAudit } = filter;
  return {
    name: names.take(name),
    type,
    ...(drop ? { drop } : {}),
    ...(prune ? { prune: convertPrune(name, prune, notes) } : {}),
    ...(kubeAPIAudit ? { kubeAPIAudit } : {}),
  };
}

/** Logging 6 keeps one more field whatever is pruned. */
function convertPrune(name: string, prune: NonNullable<LegacyFilter['prune']>, notes: Notes) {
  const { in: gone, notIn: kept } = prune;
  if (gone?.includes(required) || (kept && !kept.includes(required))) {
    notes.add(`filter "${name}" keeps ${required} now: it is required`);
  }
  return {
    ...(gone ? { in: gone.filter((field) => field !== required) } : {}),
    ...(kept ? { notIn: kept.includes(required) ? kept : [...kept, required] } : {}),
  };
}

/** Filters for the fields `parse`, `detectMultilineErrors` and `labels` of pipelines. */
export class PipelineFilters {
  readonly filters: Filter[] = [];
  readonly #names: ItemNames;
  readonly #shared = new Map<string, string>();

  constructor(names: ItemNames) {
    this.#names = names;
  }

  /** The refs of `pipeline`, in the order in which logging 5 applies them. */
  refsOf(pipeline: LegacyPipeline, own: readonly string[]): string[] {
    const { name = '', detectMultilineErrors, parse, labels = {} } = pipeline;
    const refs = detectMultilineErrors
      ? [this.#share('multiline-exceptions', 'detectMultilineException')]
      : [];
    refs.push(...own);
    if (parse === 'json') refs.push(this.#share('parse-json', 'parse'));
    if (Object.keys(labels).length === 0) return refs;
    const filter = {
      name: this.#names.derive(`${name}-labels`),
      type: 'openshiftLabels',
      openshiftLabels: labels,
    };
    this.filters.push(filter);
    return [...refs, filter.name];
  }

  #share(wanted: string, type: string): string {
    const known = this.#shared.get(type);
    if (known !== undefined) return known;
    const name = this.#names.derive(wanted);
    this.#shared.set(type, name);
    this.filters.push({ name, type });
    return name;
  }
}
