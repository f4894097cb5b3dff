// Names, paths, ids and ARNs of IAM.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
import { alphabets, type Random } from '@pergola/kernel';
import { faults } from './faults.ts';

const idPrefixes = {
  role: 'AROA',
  user: 'AIDA',
  group: 'AGPA',
  policy: 'ANPA',
  'instance-profile': 'AIPA',
} as const;

export type Noun = keyof typeof idPrefixes;

/** A unique id: four letters that name the type, then 17 of base32. */
export function drawId(random: Random, noun: Noun): string {
  return `${idPrefixes[noun]}${random.text(17, alphabets.base32)}`;
}

/** `/` when none is given. Throws ValidationError for a path that does not begin and end with a slash. */
export function pathOf(path: string | undefined): string {
  if (path === undefined || path === '') return '/';
  const wellFormed = /^(\/|\/[!-~]+\/)$/.test(path) && path.length <= 512 && !path.includes('//');
  if (wellFormed) return path;
  throw faults.validation(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
}

/** `arn:aws:iam::ACCOUNT:role/PATH/NAME`. */
export function arnOf(account: string, noun: Noun, path: string, name: string): string {
  return `arn:aws:iam::${account}:${noun}${path}${name}`;
}

/** The host and path of a provider's ARN, or undefined when it is another's or no provider's. */
export function providerUrlOf(account: string, arn: string): string | undefined {
  const prefix = `arn:aws:iam::${account}:oidc-provider/`;
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
}
