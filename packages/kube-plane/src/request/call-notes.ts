// What is noted about a call on its way, at its beginning.
import type { CallNotes } from '../contract.ts';

export function emptyNotes(): CallNotes {
  return {
    decision: undefined,
    impersonator: undefined,
    objectName: undefined,
    failure: undefined,
    isBug: false,
  };
}
