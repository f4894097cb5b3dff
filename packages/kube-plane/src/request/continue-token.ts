// The opaque token between the pages of a list: the revision of the first page and the last key sent.
import { isRecord } from '@pergola/kernel';
import { faults } from '../faults.ts';

export interface ContinueToken {
  /** -1 = go on at whatever is stored now. */
  readonly revision: number;
  /** Relative to the list's prefix. */
  readonly start: string;
}

export function encodeContinue(token: ContinueToken): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.revision, start: token.start });
  return Buffer.from(text).toString('base64url');
}

/** Throws 400 when the token is not one of ours. */
export function decodeContinue(text: string): ContinueToken {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    // Not base64 of JSON: the same answer as for a token of another shape.
    throw notValid();
  }
  if (!isRecord(value) || value['v'] !== 'meta.k8s.io/v1') throw notValid();
  const { rv, start } = value;
  if (typeof rv !== 'number' || !Number.isInteger(rv) || typeof start !== 'string') throw notValid();
  return { revision: rv, start };
}

function notValid() {
  return faults.badRequest('continue key is not valid');
}
