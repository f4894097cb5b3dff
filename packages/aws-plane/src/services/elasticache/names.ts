// Identifiers that users choose.
import { faults } from './faults.ts';

/** In lower case, as ElastiCache keeps it. Throws when it is none. */
export function identifier(text: string | undefined, parameter: string, longest: number): string {
  const isGood = text !== undefined && /^[a-z](?:-?[a-z0-9])*$/i.test(text) && text.length <= longest;
  if (!isGood) throw faults.invalidIdentifier(parameter);
  return text.toLowerCase();
}
