// What a Query or Scan hands out of each item: Select, ProjectionExpression, AttributesToGet.
import { type Condition, type Item, javaSetOrder, type Projection } from '@pergola/item-language';
import { faults } from '../faults.ts';
import type { ReadInput } from '../items/item-input.ts';
import type { Index } from '../tables/table.ts';
import { namesOf } from '../tables/table.ts';
import type { Source } from './source.ts';

export interface Selection {
  readonly shape: ((item: Item) => Item) | undefined;
  readonly fetches: boolean;
}

/** `verb`: Querying or Scanning. */
export function assertSelect(input: ReadInput, verb: 'Querying' | 'Scanning'): void {
  const { Select: select } = input;
  const given = (['ProjectionExpression', 'AttributesToGet'] as const).find(
    (name) => input[name] !== undefined,
  );
  if (given !== undefined && select !== undefined && select !== 'SPECIFIC_ATTRIBUTES')
    throw faults.validation(`Cannot specify the ${given} when choosing to get ${wanted(select)}`);
  if (select === 'SPECIFIC_ATTRIBUTES' && given === undefined)
    throw faults.validation(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && input.IndexName === undefined)
    throw faults.validation(`ALL_PROJECTED_ATTRIBUTES can be used only when ${verb} using an IndexName`);
}

function wanted(select: string): string {
  return select === 'COUNT' ? 'only the Count' : select;
}

export function selectionOf(
  { index, table }: Source,
  { Select: select }: ReadInput,
  projection: Projection | undefined,
): Selection {
  const shape = select === 'COUNT' ? undefined : projection ? (item: Item) => projection.project(item) : same;
  if (!index || index.record.projection === 'ALL') return { shape, fetches: false };
  const missing =
    select === 'ALL_ATTRIBUTES' ? ['*'] : missingFrom(index, namesOf(table.record.keys), projection);
  if (missing.length === 0) return { shape, fetches: false };
  if (index.kind === 'local') return { shape, fetches: true };
  if (select === 'ALL_ATTRIBUTES')
    throw faults.invalid(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  throw faults.invalid(`Global secondary index ${index.name} does not project [${missing.join(', ')}]`);
}

const same = (item: Item) => item;

/** The attributes that are asked for and that an index does not hold. */
function missingFrom(
  index: Index,
  keys: readonly string[],
  projection: Projection | undefined,
): readonly string[] {
  if (!projection) return [];
  const held = new Set([...keys, ...namesOf(index.record), ...(index.record.nonKeys ?? [])]);
  return [...new Set(projection.paths.map(([name]) => name))].filter((name) => !held.has(name));
}

/** An index that is read by its key must hold what is asked of its items. */
export function assertProjected({ table, index }: Source, { paths }: Condition): void {
  if (!index || index.record.projection === 'ALL') return;
  const held = new Set([...table.keyNames, ...namesOf(index.record), ...(index.record.nonKeys ?? [])]);
  const missing = [...new Set(paths.map(([name]) => name))].filter((name) => !held.has(name));
  if (missing.length > 0)
    throw faults.invalid(
      `Secondary index ${index.name} does not project one or more filter attributes: [${javaSetOrder(missing, missing.length).join(', ')}]`,
    );
}
