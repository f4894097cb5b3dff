// Services of AWS as options name them, separated by commas.
import { CliError, exitCodes } from '../cli-error.ts';

/** All that are known when `text` names none. Throws CliError for a name that is not known. */
export function servicesOf(text: string | undefined, known: readonly string[]): readonly string[] {
  const wanted = [...new Set(listOf(text))];
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length === 0) return wanted.length === 0 ? known : wanted;
  throw new CliError({
    what: `no resources are known of ${unknown.join(', ')}`,
    fix: `choose from ${known.join(', ')}`,
    exitCode: exitCodes.usage,
  });
}

/** What stands between commas; what is empty is left out. */
export function listOf(text = ''): string[] {
  return text.split(',').flatMap((name) => name.trim() || []);
}
