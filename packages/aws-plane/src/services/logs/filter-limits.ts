// What metric filters and subscription filters of a group share: the bound on patterns with regular expressions, and
// the members of requests that are not served.
import { parseFilterPattern } from '@pergola/log-language';
import type { Reader } from '@pergola/store';
import { faults } from './faults.ts';
import { type ChildKind, childrenOf, type LogGroup } from './state.ts';

/** Of a group, of both kinds together. */
const REGEX_PATTERNS_MAX = 5;

const kinds = ['metric-filter', 'subscription-filter'] as const satisfies readonly ChildKind[];

export interface NewFilter {
  readonly kind: (typeof kinds)[number];
  readonly name: string;
  readonly pattern: string;
}

/** Throws LimitExceededException when the group would have too many filters with regular expressions. */
export function assertFewRegexes(reader: Reader, group: LogGroup, filter: NewFilter): void {
  if (!hasRegex(filter.pattern)) return;
  const others = kinds.flatMap((kind) =>
    childrenOf<{ readonly name: string; readonly pattern: string }>(reader, group, kind).filter(
      ({ name, pattern }) => hasRegex(pattern) && (kind !== filter.kind || name !== filter.name),
    ),
  );
  if (others.length >= REGEX_PATTERNS_MAX)
    throw faults.resourceLimit(
      `a log group has at most ${REGEX_PATTERNS_MAX} filter patterns with regular expressions.`,
    );
}

export interface UnservedMembers {
  readonly applyOnTransformedLogs?: boolean | undefined;
  readonly fieldSelectionCriteria?: string | undefined;
  readonly emitSystemFields?: readonly string[] | undefined;
  readonly emitSystemFieldDimensions?: readonly string[] | undefined;
}

/** Throws for members that say something about the result: to ignore them would be to answer wrongly. */
export function assertServed(input: UnservedMembers): void {
  const { applyOnTransformedLogs, fieldSelectionCriteria, emitSystemFields, emitSystemFieldDimensions } =
    input;
  if (applyOnTransformedLogs) throw faults.notImplemented('applyOnTransformedLogs');
  if (fieldSelectionCriteria) throw faults.notImplemented('fieldSelectionCriteria');
  if (emitSystemFields?.length) throw faults.notImplemented('emitSystemFields');
  if (emitSystemFieldDimensions?.length) throw faults.notImplemented('emitSystemFieldDimensions');
}

function hasRegex(pattern: string): boolean {
  const parsed = parseFilterPattern(pattern);
  return parsed.ok && parsed.value.regexes > 0;
}
