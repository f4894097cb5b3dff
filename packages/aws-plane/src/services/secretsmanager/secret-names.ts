// What a client may write for a secret: its name, its ARN, its ARN without the last six characters.
import { createHash } from 'node:crypto';
import { alphabets } from '@pergola/kernel';
import type { Call } from '../../call.ts';
import { faults } from './faults.ts';
import { findSecret, type Home, type Secret } from './state.ts';

const SUFFIX_CHARS = 6;

export function secretArn({
  account,
  region,
  name,
  suffix,
}: Pick<Secret, keyof Home | 'name' | 'suffix'>): string {
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix}`;
}

/** The end of the ARN that a secret gets when it is made by this call: policies are asked about it before it is made. */
export function suffixFor({ account, region, requestId }: Call, name: string): string {
  const digest = createHash('sha256').update(`${account}/${region}/${name}/${requestId}`).digest();
  return Array.from(digest.subarray(0, SUFFIX_CHARS), (byte) => alphabets.alphanumeric[byte % 62]).join('');
}

/** Where a secret is looked for: its home, and the names that it may have there. */
export interface SecretName extends Home {
  readonly name: string;
  readonly found: Secret | undefined;
}

const ARN = /^arn:aws:secretsmanager:([a-z0-9-]+):(\d{12}):secret:(.+)$/;

/** Finds the secret that a client means; `found` is undefined when there is none. */
export function secretNamed(call: Call, text: string): SecretName {
  const { store } = call.plane;
  const [, region, account, rest] = ARN.exec(text) ?? [];
  if (region === undefined || account === undefined || rest === undefined) {
    if (text.startsWith('arn:')) throw faults.invalidParameter('Invalid secret ARN.');
    const home = { account: call.account, region: call.region };
    return { ...home, name: text, found: findSecret(store, home, text, call.nowMs) };
  }
  const home = { account, region };
  if (region !== call.region) return { ...home, name: rest, found: undefined };
  const name = rest.slice(0, -SUFFIX_CHARS - 1);
  const whole = findSecret(store, home, name, call.nowMs);
  if (whole && secretArn(whole) === text) return { ...home, name, found: whole };
  return { ...home, name: rest, found: findSecret(store, home, rest, call.nowMs) };
}

/** The secret that a client means, or ResourceNotFoundException. */
export function existingSecret(call: Call, text: string | undefined): Secret {
  const { found } = secretNamed(call, text ?? '');
  if (!found) throw faults.noSuchSecret();
  return found;
}

/** The same, for operations that a secret refuses once it is scheduled for deletion. */
export function keptSecret(call: Call, text: string | undefined): Secret {
  const secret = existingSecret(call, text);
  if (secret.deletion) throw faults.markedForDeletion();
  return secret;
}
