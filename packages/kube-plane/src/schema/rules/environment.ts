// The functions that rules may call besides those of CEL itself: Kubernetes's libraries, as far as we have them
// (https://kubernetes.io/docs/reference/using-api/cel/). A rule that calls another does not compile.
import { Environment } from '@marcbachmann/cel-js';

type Item = bigint | number | string | boolean | Date;

/** An environment in which `self` is a value and `oldSelf` what it was, or an optional of that. */
export function ruleEnvironment(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  environment.registerVariable('self', 'dyn').registerVariable('oldSelf', 'dyn');
  for (const [signature, handler] of Object.entries(functions)) {
    environment.registerFunction(signature, handler);
  }
  return environment;
}

const functions: Readonly<Record<string, (...values: never[]) => unknown>> = {
  'string.find(string): string': (text: string, pattern: string) =>
    new RegExp(pattern, 'u').exec(text)?.[0] ?? '',
  'string.findAll(string): list': (text: string, pattern: string) =>
    text.match(new RegExp(pattern, 'gu')) ?? [],
  'string.findAll(string, int): list': (text: string, pattern: string, most: bigint) => {
    const found = text.match(new RegExp(pattern, 'gu')) ?? [];
    return most < 0n ? found : found.slice(0, Number(most));
  },
  'string.replace(string, string): string': (text: string, from: string, to: string) =>
    text.replaceAll(from, () => to),
  'isURL(string): bool': (text: string) => isUrl(text),
  'list.isSorted(): bool': (items: readonly Item[]) =>
    items.every((item, index) => index === 0 || (items[index - 1] as Item) <= item),
  'list.sum(): dyn': (items: readonly (bigint | number)[]) =>
    items.length === 0
      ? 0n
      : items.reduce((sum, item) => ((sum as number) + (item as number)) as bigint | number),
  'list.min(): dyn': (items: readonly Item[]) => extreme(items, (left, right) => left < right),
  'list.max(): dyn': (items: readonly Item[]) => extreme(items, (left, right) => left > right),
  'list.indexOf(dyn): int': (items: readonly unknown[], item: unknown) => BigInt(items.indexOf(item)),
  'list.lastIndexOf(dyn): int': (items: readonly unknown[], item: unknown) => BigInt(items.lastIndexOf(item)),
};

function extreme(items: readonly Item[], isBetter: (left: Item, right: Item) => boolean): Item {
  const [first] = items;
  if (first === undefined) throw new Error('an empty list has neither min nor max');
  return items.reduce((best, item) => (isBetter(item, best) ? item : best), first);
}

/** As Go's url.ParseRequestURI: absolute, or a path from the root. */
function isUrl(text: string): boolean {
  return text.startsWith('/') || (/^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text));
}
