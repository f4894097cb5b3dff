// Filters of the Describe operations: all filters must match, any value of each; `*` and `?` stand for other text.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
import type { Filter } from '@aws-sdk/client-ec2';
import { faults } from './faults.ts';
import type { Tags } from './state.ts';

type Text = string | number | boolean | undefined;

/** What a resource has to be compared with, by the name of the filter. */
export type FilterTable<T> = Readonly<Record<string, (resource: T) => Text | readonly Text[]>>;

const VALUES_MAX = 200;

/** Throws for a filter that is not in the table, also when there is nothing to filter. */
export function filtered<T extends { readonly tags?: Tags }>(
  resources: readonly T[],
  filters: readonly Filter[] | undefined,
  table: FilterTable<T>,
): T[] {
  const tests = (filters ?? []).map((filter) => testOf(filter, table));
  return resources.filter((resource) => tests.every((test) => test(resource)));
}

function testOf<T extends { readonly tags?: Tags }>(
  { Name = '', Values }: Filter,
  table: FilterTable<T>,
): (resource: T) => boolean {
  const read = readerOf(Name, table);
  if (!read) throw faults.invalidFilter(Name || 'null');
  if (!Values || Values.length === 0) throw faults.missing(`Filter.Value`);
  if (Values.length > VALUES_MAX) throw faults.tooManyValues();
  const wanted = Values.map(matcherOf);
  return (resource) =>
    [read(resource)].flat().some((text) => text !== undefined && wanted.some((test) => test(String(text))));
}

function readerOf<T extends { readonly tags?: Tags }>(name: string, table: FilterTable<T>) {
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return ({ tags = {} }: T) => (Object.hasOwn(tags, key) ? tags[key] : undefined);
  }
  if (name === 'tag-key') return ({ tags = {} }: T) => Object.keys(tags);
  if (name === 'tag-value') return ({ tags = {} }: T) => Object.values(tags);
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

type Part = { readonly text: string } | 'any' | 'one';

/** A backslash takes the meaning from what follows it. */
function matcherOf(value: string): (text: string) => boolean {
  if (!/[*?\\]/.test(value)) return (text) => text === value;
  const parts = (value.match(/\\[^]|[^]/gu) ?? []).map(partOf);
  return (text) => matches(Array.from(text), parts);
}

function partOf(part: string): Part {
  if (part === '*') return 'any';
  if (part === '?') return 'one';
  return { text: part.length > 1 && part.startsWith('\\') ? part.slice(1) : part };
}

/** Never goes back further than to the last `*`, so that no value takes longer than its length times the text's. */
function matches(text: readonly string[], parts: readonly Part[]): boolean {
  let at = 0;
  let part = 0;
  let retry: { part: number; at: number } | undefined;
  while (at < text.length) {
    const wanted = parts[part];
    if (wanted === 'any') {
      retry = { part: part + 1, at };
      part += 1;
    } else if (wanted === 'one' || (wanted && wanted.text === text[at])) {
      part += 1;
      at += 1;
    } else if (retry) {
      retry = { part: retry.part, at: retry.at + 1 };
      ({ part, at } = retry);
    } else return false;
  }
  return parts.slice(part).every((rest) => rest === 'any');
}
