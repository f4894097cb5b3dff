// Differences as people read them.
import type { Difference, Json } from '../kind/kind.ts';

const shownMax = 10;
const lengthMax = 80;

/** `allocatedStorage: 20 wanted, 30 found; tags: ...`; secrets by their path alone. */
export function describeDifferences(differences: readonly Difference[], secrets: readonly string[]): string {
  const lines = differences.slice(0, shownMax).map((difference) => describe(difference, secrets));
  if (differences.length > shownMax) lines.push(`and ${differences.length - shownMax} more`);
  return lines.join('; ');
}

function describe({ path, wanted, observed }: Difference, secrets: readonly string[]): string {
  if (secrets.some((secret) => path === secret || path.startsWith(`${secret}.`))) return `${path}: changed`;
  return `${path}: ${show(wanted)} wanted, ${show(observed)} found`;
}

function show(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax)}…`;
}
