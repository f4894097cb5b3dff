// Updates, ready to be applied to items.
import type { Item } from '../attribute-value.ts';
import type { DocumentPath } from '../document-path.ts';

export interface Update {
  /**
   * The item after the update; the given one is not changed. An item that does not exist yet is its key. Throws
   * `ItemLanguageError` when a path or a type does not fit the item, or a number becomes too large.
   */
  apply(item: Item): Item;
  /** What of an item the update is about: `UPDATED_OLD` of the item before, `UPDATED_NEW` of the one after. */
  updatedPart(item: Item): Item;
  /** Every place that is set, removed, added to or deleted from. */
  readonly paths: readonly DocumentPath[];
}
