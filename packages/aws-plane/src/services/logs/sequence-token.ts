// The sequence tokens of old. AWS has ignored them since 2023 and still gives them; agents that get none ask for the
// stream before each batch.
import { createHash } from 'node:crypto';
import type { LogGroup } from './state.ts';

const PREFIX = '496';
const DIGITS = 53;
const MODULUS = 10n ** BigInt(DIGITS);

/** 56 digits, as AWS has them; they mean nothing. */
export function sequenceTokenOf(group: LogGroup, stream: string, nowMs: number): string {
  const digest = createHash('sha256').update(`${group.key}/${nowMs}/${stream}`).digest('hex');
  return PREFIX + String(BigInt(`0x${digest}`) % MODULUS).padStart(DIGITS, '0');
}
