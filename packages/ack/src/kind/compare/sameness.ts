// Whether AWS has what was asked for: only what is said counts, and what AWS writes in its own way is the same.
import type { Comparison } from '../description.ts';
import type { Json } from '../kind.ts';
import { isObject } from '../values/to-aws.ts';
import { canonicalJson, canonicalPolicy } from './policy-document.ts';

/** Members that the user did not set may be anything; lists are of the same length. */
export function isSatisfied(wanted: Json, observed: Json | undefined, comparison?: Comparison): boolean {
  if (comparison === 'never' || wanted === null) return true;
  if (observed === undefined || observed === null) return isNothing(wanted);
  if (typeof wanted === 'string') {
    return typeof observed === 'string' && isSameText(wanted, observed, comparison);
  }
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(observed) &&
      isSameList(wanted as readonly Json[], observed as readonly Json[], comparison)
    );
  }
  if (isObject(wanted)) {
    return (
      isObject(observed) &&
      Object.entries(wanted).every(
        ([name, value]) => value === undefined || isSatisfied(value, observed[name], comparison),
      )
    );
  }
  return wanted === observed;
}

/** What AWS leaves out where there is nothing to tell. */
export function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every((entry) => isNothing(entry));
}

/** Of the same length; the order is AWS's to choose. */
function isSameList(wanted: readonly Json[], observed: readonly Json[], comparison?: Comparison): boolean {
  if (wanted.length !== observed.length) return false;
  const left = [...observed];
  return wanted.every((element) => {
    const index = left.findIndex((candidate) => isSatisfied(element, candidate, comparison));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

/** Of the same major version, and no older. */
function isRecentEnough(wanted: string, observed: string): boolean {
  const [asked, has] = [wanted, observed].map((version) => version.split('.').map(Number)) as [
    number[],
    number[],
  ];
  if (asked[0] !== has[0]) return false;
  for (const [index, number] of asked.entries()) {
    const present = has[index] ?? 0;
    // Words in a version, as in `5.7.mysql_aurora.2.11.1`, are not compared.
    if (Number.isNaN(number) || Number.isNaN(present)) return observed.startsWith(wanted);
    if (number !== present) return present > number;
  }
  return true;
}

function isSameText(wanted: string, observed: string, comparison?: Comparison): boolean {
  if (wanted === observed || wanted.trim() === observed.trim()) return true;
  switch (comparison) {
    case 'caseless':
      return wanted.toLowerCase() === observed.toLowerCase();
    case 'version':
      return isRecentEnough(wanted, observed);
    case 'policy':
      return isSameDocument(wanted, observed, canonicalPolicy);
    case 'document':
      return isSameDocument(wanted, observed, canonicalJson);
    default:
      return isSameName(wanted, observed) || isSameTime(wanted, observed);
  }
}

function isSameDocument(
  wanted: string,
  observed: string,
  canonical: (text: string) => string | undefined,
): boolean {
  const meaning = canonical(wanted);
  return meaning !== undefined && meaning === canonical(observed);
}

/** AWS answers with the ARN where a name was given. What an alias stands for cannot be seen. */
function isSameName(wanted: string, observed: string): boolean {
  if (!observed.startsWith('arn:')) return false;
  if (/(?:^|:)alias\//.test(wanted)) return /:key\//.test(observed);
  return observed.endsWith(`/${wanted}`) || observed.endsWith(`:${wanted}`);
}

const time = /^\d{4}-\d{2}-\d{2}T/;

function isSameTime(wanted: string, observed: string): boolean {
  if (!time.test(wanted) || !time.test(observed)) return false;
  return Math.floor(Date.parse(wanted) / 1000) === Math.floor(Date.parse(observed) / 1000);
}
