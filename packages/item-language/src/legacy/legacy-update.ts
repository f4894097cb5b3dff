// AttributeUpdates as an update: PUT, ADD and DELETE of whole attributes.
import { type AttributeValue, typeOf } from '../attribute-value.ts';
import { invalidParameter, ItemLanguageError } from '../item-language-error.ts';
import { addition, type Change, deletion, removal } from '../update/change.ts';
import { type BoundAction, updateOf } from '../update/compile-update.ts';
import type { Update } from '../update/update.ts';
import { checkValue } from '../values/check-value.ts';

/** An AttributeValueUpdate as the wire has it. */
export interface LegacyAttributeUpdate {
  readonly Action?: 'PUT' | 'ADD' | 'DELETE' | undefined;
  readonly Value?: unknown;
}

/** The update that AttributeUpdates ask for. Throws `ItemLanguageError`. */
export function legacyUpdate(updates: Readonly<Record<string, LegacyAttributeUpdate>>): Update {
  return updateOf(
    Object.entries(updates).map(
      ([name, update]): BoundAction => ({ path: [name], change: changeFor(update) }),
    ),
  );
}

function changeFor({ Action: action = 'PUT', Value: raw }: LegacyAttributeUpdate): Change {
  if (raw === undefined) {
    if (action === 'DELETE') return removal;
    throw invalidParameter('Only DELETE action is allowed when no attribute value is specified');
  }
  const value = checkValue(raw);
  if (action === 'PUT') return () => value;
  return action === 'ADD' ? sameType(value, additionOf(value)) : sameType(value, deletionOf(value));
}

function additionOf(value: AttributeValue): Change {
  if ('L' in value) return (old) => ({ L: [...(old !== undefined && 'L' in old ? old.L : []), ...value.L] });
  if ('N' in value || isSet(value)) return addition(value);
  throw invalidParameter(`ADD action is not supported for the type ${typeOf(value)}`);
}

function deletionOf(value: AttributeValue): Change {
  if (isSet(value)) return deletion(value);
  throw invalidParameter(`DELETE action with value is not supported for the type ${typeOf(value)}`);
}

function isSet(value: AttributeValue): boolean {
  return 'SS' in value || 'NS' in value || 'BS' in value;
}

/** The change, which what is there must have the type for. */
function sameType(value: AttributeValue, change: Change): Change {
  const type = typeOf(value);
  return (old) => {
    if (old !== undefined && typeOf(old) !== type)
      throw new ItemLanguageError('Type mismatch for attribute to update');
    return change(old);
  };
}
