// GetRandomPassword.
import type { GetRandomPasswordRequest, GetRandomPasswordResponse } from '@aws-sdk/client-secrets-manager';
import type { Random } from '@pergola/kernel';
import { defineOperation, iam } from '../../operation.ts';
import { faults } from './faults.ts';

const USUAL_CHARS = 32;

const kinds = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const;

export const getRandomPassword = defineOperation<GetRandomPasswordRequest, GetRandomPasswordResponse>({
  name: 'GetRandomPassword',
  access: iam('secretsmanager:GetRandomPassword'),
  handle({ plane }, input) {
    const { PasswordLength: length = USUAL_CHARS, RequireEachIncludedType: each = true } = input;
    const sets = charactersOf(input);
    const all = sets.join('');
    if (all === '') throw faults.nothingToDrawFrom();
    if (each && length < sets.length) throw faults.passwordTooShort();
    const required = each ? sets.map((set) => drawFrom(plane.random, set)) : [];
    const rest = Array.from({ length: length - required.length }, () => drawFrom(plane.random, all));
    return { RandomPassword: shuffled(plane.random, [...required, ...rest]).join('') };
  },
});

/** The characters of each kind that are left, kinds without any left out. */
function charactersOf(input: GetRandomPasswordRequest): string[] {
  const excluded = new Set(input.ExcludeCharacters ?? '');
  return [
    input.ExcludeLowercase === true ? '' : kinds.lower,
    input.ExcludeUppercase === true ? '' : kinds.upper,
    input.ExcludeNumbers === true ? '' : kinds.numbers,
    input.ExcludePunctuation === true ? '' : kinds.punctuation,
    input.IncludeSpace === true ? ' ' : '',
  ]
    .map((set) =>
      Array.from(set)
        .filter((character) => !excluded.has(character))
        .join(''),
    )
    .filter((set) => set !== '');
}

function drawFrom(random: Random, set: string): string {
  return set.length === 1 ? set : random.text(1, set);
}

/** Every order is as likely as any other: each place draws evenly from what is left. */
function shuffled(random: Random, characters: readonly string[]): string[] {
  const left = [...characters];
  return characters.map(() => left.splice(evenBelow(random, left.length), 1)[0] ?? '');
}

/** A number from 0 to `limit` - 1, drawn from bytes that are good for secrets. */
function evenBelow(random: Random, limit: number): number {
  const range = 2 ** 32;
  const usable = range - (range % limit);
  for (;;) {
    const drawn = random.bytes(4).readUInt32BE();
    if (drawn < usable) return drawn % limit;
  }
}
