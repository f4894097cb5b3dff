// Conditional requests, in the order of RFC 9110 §13.2.2 as S3 applies it.
import { faults } from './faults.ts';
import type { ObjectRecord } from './object.ts';

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** How a condition failed: 412, or 304 with the validators of the object. */
export type Unmet = { readonly status: 412; readonly condition: string } | { readonly status: 304 };

/** The first condition that `object` does not meet, if any. */
export function unmetCondition(conditions: ReadConditions, object: ObjectRecord): Unmet | undefined {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!matchesEtag(IfMatch, object.etag)) return { status: 412, condition: 'If-Match' };
  } else if (IfUnmodifiedSince && object.modifiedMs > IfUnmodifiedSince.getTime()) {
    return { status: 412, condition: 'If-Unmodified-Since' };
  }
  if (IfNoneMatch !== undefined) {
    if (matchesEtag(IfNoneMatch, object.etag)) return { status: 304 };
  } else if (IfModifiedSince && object.modifiedMs <= IfModifiedSince.getTime()) {
    return { status: 304 };
  }
  return undefined;
}

/** Throws 412 or 304 when a read's conditions do not hold. */
export function conditionsOnRead(conditions: ReadConditions, object: ObjectRecord): void {
  const unmet = unmetCondition(conditions, object);
  if (unmet?.status === 304) throw faults.notModified(object.etag, object.modifiedMs);
  if (unmet) throw faults.preconditionFailed(unmet.condition);
}

export interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** Throws when a write must not replace `previous`. */
export function conditionsOnWrite(
  { IfMatch, IfNoneMatch }: WriteConditions,
  previous: ObjectRecord | undefined,
  key: string,
): void {
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') throw faults.headerNotImplemented('If-None-Match');
    if (previous) throw faults.preconditionFailed('If-None-Match');
  }
  if (IfMatch !== undefined) {
    if (!previous) throw faults.noSuchKey(key);
    if (!matchesEtag(IfMatch, previous.etag)) throw faults.preconditionFailed('If-Match');
  }
}

/** Whether a header's list of entity tags (or `*`) names this one. Clients leave the quotes out at times. */
export function matchesEtag(header: string, etag: string): boolean {
  return header.split(',').some((item) => {
    const tag = item
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return tag === '*' || tag === etag;
  });
}
