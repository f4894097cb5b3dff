// Ranges of versions as `olm.skipRange` writes them: `>=5.8.0 <5.9.3`, alternatives by `||`.

interface Version {
  readonly numbers: readonly number[];
  readonly prerelease: string;
}

const versionPattern = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
const comparatorPattern = /^(>=|<=|>|<|=|!=|)(.+)$/;

/** True when `version` lies in `range`. What is neither a version nor a range holds nothing. */
export function inRange(version: string, range: string): boolean {
  const parsed = parseVersion(version);
  if (!parsed) return false;
  return range
    .split('||')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .some((part) => part.split(/\s+/).every((comparator) => holds(parsed, comparator)));
}

function holds(version: Version, comparator: string): boolean {
  const [, operator = '', text = ''] = comparatorPattern.exec(comparator) ?? [];
  const bound = parseVersion(text);
  if (!bound) return false;
  const order = compare(version, bound);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '!=':
      return order !== 0;
    default:
      return order === 0;
  }
}

function parseVersion(text: string): Version | undefined {
  const match = versionPattern.exec(text);
  if (!match) return undefined;
  return { numbers: match.slice(1, 4).map(Number), prerelease: match[4] ?? '' };
}

/** Semantic versions' order: a pre-release comes before its release; its parts compare as numbers or as texts. */
function compare(left: Version, right: Version): number {
  for (const [index, number] of left.numbers.entries()) {
    const order = number - (right.numbers[index] ?? 0);
    if (order !== 0) return order;
  }
  if (left.prerelease === right.prerelease) return 0;
  if (left.prerelease === '') return 1;
  if (right.prerelease === '') return -1;
  return comparePrereleases(left.prerelease.split('.'), right.prerelease.split('.'));
}

function comparePrereleases(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function comparePart(left: string, right: string): number {
  if (left === right) return 0;
  const numeric = [left, right].map((part) => /^\d+$/.test(part));
  if (numeric[0] && numeric[1]) return Number(left) - Number(right);
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return left < right ? -1 : 1;
}
