// Conditions, ready to be asked of items.
import type { Item } from '../attribute-value.ts';
import type { DocumentPath } from '../document-path.ts';

export interface Condition {
  /** Whether it holds for an item. For one that does not exist, ask with an empty item. */
  test(item: Item): boolean;
  /** Every path that it mentions. */
  readonly paths: readonly DocumentPath[];
}
