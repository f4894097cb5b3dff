// Filter patterns as requests bring them.
import { parseFilterPattern } from '@pergola/log-language';
import { faults } from './faults.ts';

/** Throws InvalidParameterException for what is not a filter pattern. */
export function assertPattern(text: string): void {
  const parsed = parseFilterPattern(text);
  if (!parsed.ok) throw faults.invalidPattern(parsed.error.message);
}
