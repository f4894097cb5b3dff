// Filters of describes: a list of names with values; an item passes when each name has one of its values.
import type { Filter } from '@aws-sdk/client-rds';
import { faults } from './faults.ts';

/** By the name of a filter: what an item has to show for it. */
export type FilterTable<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

export function filtered<T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  table: FilterTable<T>,
): readonly T[] {
  return (filters ?? []).reduce((left, { Name = '', Values = [] }) => {
    const show = Object.hasOwn(table, Name) ? table[Name] : undefined;
    if (!show) throw faults.invalidValue(`Unrecognized filter name: ${Name}`);
    const wanted = new Set(Values);
    return left.filter((item) => show(item).some((value) => value !== undefined && wanted.has(value)));
  }, items);
}
