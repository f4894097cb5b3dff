// Idempotency: a ClientRequestToken stands for one request for ten minutes. It is kept with the writes that it belongs to.
import { createHash } from 'node:crypto';
import type { ByteStore, ByteTransaction } from '@pergola/store';
import { AwsFault } from '../../../fault.ts';
import type { Call } from '../../../call.ts';
import { wireJson } from '../faults.ts';
import { behind, bigEndian, tokenExpiryPrefix, tokenPrefix } from '../storage/layout.ts';

const VALID_MS = 10 * 60_000;
/** How many outlived tokens each new one takes away: more than one, so that they cannot gather. */
const FORGOTTEN_AT_ONCE = 16;

export interface RequestToken {
  /** By account, region and token. */
  readonly key: Buffer;
  /** Of everything that the request asks for. */
  readonly digest: Buffer;
  readonly nowMs: number;
}

export function requestTokenOf(call: Call, token: string, request: unknown): RequestToken {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return {
    key: Buffer.concat([tokenPrefix, digest(`${call.account} ${call.region} ${token}`)]),
    digest: digest(JSON.stringify(wireJson(request))),
    nowMs: call.plane.clock.nowMs(),
  };
}

/** Whether the same request was carried out already. Throws when the token stands for another one. */
export function isRepeated(tx: ByteTransaction, token: RequestToken): boolean {
  const known = tx.get(token.key);
  if (!known || Number(known.readBigUInt64BE()) <= token.nowMs) return false;
  if (!known.subarray(8).equals(token.digest))
    throw new AwsFault(
      'IdempotentParameterMismatchException',
      400,
      'The request uses the same client token as a previous, but non-identical request.',
    );
  return true;
}

/** Keeps the token, and forgets some whose time is over. */
export function keepToken(bytes: ByteStore, tx: ByteTransaction, token: RequestToken): void {
  const now = Buffer.concat([tokenExpiryPrefix, bigEndian(token.nowMs)]);
  for (const old of bytes.range({ from: tokenExpiryPrefix, to: behind(now), limit: FORGOTTEN_AT_ONCE })) {
    tx.delete(old.key);
    // The same token may have come again since.
    const kept = tx.get(old.value);
    if (kept && Number(kept.readBigUInt64BE()) <= token.nowMs) tx.delete(old.value);
  }
  const expiry = bigEndian(token.nowMs + VALID_MS);
  tx.put(token.key, Buffer.concat([expiry, token.digest]));
  tx.put(Buffer.concat([tokenExpiryPrefix, expiry, token.key]), token.key);
}
