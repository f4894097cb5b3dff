// What is done to one place of a document, given what is old.
import { type AttributeValue, typeOf } from '../attribute-value.ts';
import { addNumbers } from '../values/decimal.ts';
import { byteText } from '../values/compare.ts';
import { expectType } from './set-value.ts';

/** From the value that is old, if any, to the one that shall be; undefined: nothing shall be old. */
export type Change = (old: AttributeValue | undefined) => AttributeValue | undefined;

export function removal(): undefined {
  return undefined;
}

/** ADD: to a number, or members to a set. What is missing becomes the operand. */
export function addition(operand: AttributeValue): Change {
  return (old) => {
    if (old === undefined) return operand;
    expectType(old, typeOf(operand));
    if ('N' in operand && 'N' in old) return { N: addNumbers(old.N, operand.N) };
    if ('SS' in operand && 'SS' in old) return { SS: [...new Set([...old.SS, ...operand.SS])] };
    if ('NS' in operand && 'NS' in old) return { NS: [...new Set([...old.NS, ...operand.NS])] };
    if ('BS' in operand && 'BS' in old) return { BS: [...old.BS, ...without(operand.BS, old.BS)] };
    return operand;
  };
}

/** DELETE: members from a set, and the set with its last one. */
export function deletion(operand: AttributeValue): Change {
  return (old) => {
    if (old === undefined) return undefined;
    expectType(old, typeOf(operand));
    if ('SS' in operand && 'SS' in old) return unlessEmpty({ SS: withoutTexts(old.SS, operand.SS) });
    if ('NS' in operand && 'NS' in old) return unlessEmpty({ NS: withoutTexts(old.NS, operand.NS) });
    if ('BS' in operand && 'BS' in old) return unlessEmpty({ BS: without(old.BS, operand.BS) });
    return old;
  };
}

function withoutTexts(members: readonly string[], gone: readonly string[]): readonly string[] {
  const away = new Set(gone);
  return members.filter((member) => !away.has(member));
}

function without(members: readonly Uint8Array[], gone: readonly Uint8Array[]): readonly Uint8Array[] {
  const away = new Set(gone.map(byteText));
  return members.filter((member) => !away.has(byteText(member)));
}

function unlessEmpty(set: AttributeValue): AttributeValue | undefined {
  const members = 'SS' in set ? set.SS : 'NS' in set ? set.NS : 'BS' in set ? set.BS : [];
  return members.length === 0 ? undefined : set;
}
