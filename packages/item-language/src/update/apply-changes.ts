// Changes applied to a document, all at once: what they do not touch is shared with the old one, and indexes are those of
// the list as it was.
import type { AttributeValue, Item } from '../attribute-value.ts';
import { ItemLanguageError } from '../item-language-error.ts';
import type { PathTree } from '../path-tree.ts';
import { memberOf, setMember } from '../values/member.ts';
import type { Change } from './change.ts';

/** The item with the changes. Throws when a path leads nowhere. */
export function applyChanges(item: Item, { below }: PathTree<Change>): Item {
  const changed: Record<string, AttributeValue> = { ...item };
  for (const [step, place] of below) {
    const name = String(step);
    const value = changeAt(memberOf(item, name), place);
    if (value === undefined) delete changed[name];
    else setMember(changed, name, value);
  }
  return changed;
}

function changeAt(old: AttributeValue | undefined, place: PathTree<Change>): AttributeValue | undefined {
  if (place.leaf !== undefined) return place.leaf(old);
  const [step] = place.below.keys();
  if (typeof step === 'string' && old !== undefined && 'M' in old) return { M: applyChanges(old.M, place) };
  if (typeof step === 'number' && old !== undefined && 'L' in old) return { L: changeElements(old.L, place) };
  throw new ItemLanguageError('The document path provided in the update expression is invalid for update');
}

/** Elements beyond the end are appended, in the order of their indexes. */
function changeElements(
  list: readonly AttributeValue[],
  { below }: PathTree<Change>,
): readonly AttributeValue[] {
  const elements: (AttributeValue | undefined)[] = [...list];
  const indexes = [...below.keys()].filter((step) => typeof step === 'number').sort((a, b) => a - b);
  for (const index of indexes) {
    const place = below.get(index);
    if (place === undefined) continue;
    const value = changeAt(list[index], place);
    if (index < list.length) elements[index] = value;
    else elements.push(value);
  }
  return elements.filter((element) => element !== undefined);
}
