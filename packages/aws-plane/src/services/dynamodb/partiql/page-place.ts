// NextToken of ExecuteStatement: where the next page begins, and for which statement.
import { createHash } from 'node:crypto';
import type { Item } from '@pergola/item-language';
import { isRecord } from '@pergola/kernel';
import { faults, wireJson } from '../faults.ts';
import { withBytes } from '../storage/item-record.ts';
import type { StatementInput } from './statement-input.ts';

export interface PagePlace {
  /** Of the partitions that the statement reads, the one to go on with. */
  readonly part: number;
  readonly lastKey: Item;
}

export function tokenFor(place: PagePlace, input: StatementInput): string {
  const { part, lastKey } = place;
  return Buffer.from(JSON.stringify({ part, key: wireJson(lastKey), of: digestOf(input) })).toString(
    'base64url',
  );
}

/** Throws when the token is none, or one of another statement. */
export function placeOf(token: string, input: StatementInput): PagePlace {
  const mismatch = faults.validation('NextToken does not match request');
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw mismatch;
  }
  const { part, key, of } = (content ?? {}) as { part?: unknown; key?: unknown; of?: unknown };
  if (of !== digestOf(input) || !Number.isSafeInteger(part) || Number(part) < 0 || !isKey(key))
    throw mismatch;
  return { part: Number(part), lastKey: withBytes(key) };
}

/** Tokens come from outside: a key's attributes are scalars, as texts. */
function isKey(value: unknown): value is Item {
  return isRecord(value) && Object.values(value).every(isScalar);
}

function isScalar(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const [member, ...others] = Object.entries(value);
  return (
    others.length === 0 && member !== undefined && /^[SNB]$/.test(member[0]) && typeof member[1] === 'string'
  );
}

function digestOf({ Statement: text, Parameters: parameters }: StatementInput): string {
  return createHash('sha256')
    .update(JSON.stringify([text, wireJson(parameters ?? [])]))
    .digest('base64url');
}
