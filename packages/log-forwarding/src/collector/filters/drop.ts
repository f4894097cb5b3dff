// The filter `drop`: a record goes when all conditions of any test hold. A field that is missing fulfils nothing,
// not even `notMatches`.
import type { DropTest } from '../../config/collector-config.ts';
import { compileGoPattern } from '../../config/go-pattern.ts';
import { type FieldPath, parseFieldPath, readField } from './field-path.ts';
import type { RecordFilter } from './filter-function.ts';

interface Condition {
  readonly path: FieldPath;
  readonly pattern: RegExp;
  readonly wanted: boolean;
}

/** Throws when a field or a regular expression is none. */
export function compileDrop(tests: readonly DropTest[]): RecordFilter {
  const compiled = tests.map(({ test }) =>
    test.map(
      ({ field, matches, notMatches }): Condition => ({
        path: parseFieldPath(field),
        pattern: compileGoPattern(matches ?? notMatches ?? ''),
        wanted: matches !== undefined,
      }),
    ),
  );
  return (record) =>
    !compiled.some((conditions) => conditions.every((condition) => holds(condition, record)));
}

function holds({ path, pattern, wanted }: Condition, record: Readonly<Record<string, unknown>>): boolean {
  const value = readField(record, path);
  if (value === undefined || value === null) return false;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return pattern.test(text) === wanted;
}
