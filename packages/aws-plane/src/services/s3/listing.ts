// One page of a listing: keys in the order of their UTF-8 bytes, rolled up at a delimiter.
import type { Call } from '../../call.ts';
import { faults } from './faults.ts';
import { listObjects, type ListedObject, type Position } from './state.ts';

/** Largest page; larger wishes are cut down to it. */
const PAGE_MAX = 1_000;
/** Entries read at a time when most may vanish behind a common prefix. */
const ROLL_UP_BATCH = 32;

export interface PageRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  readonly position: Position;
  readonly limit: number;
}

export interface Page<Entry, At> {
  readonly objects: readonly Entry[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins; absent when this is the last. */
  readonly next: At | Position | undefined;
}

/** What is listed: objects, or versions of them. */
export interface Listing<Entry, At> {
  readonly read: (position: At | Position, limit: number) => readonly Entry[];
  readonly positionOf: (entry: Entry) => At | Position;
}

/** One page of the objects of a bucket. */
export function readPage(call: Call, request: PageRequest): Page<ListedObject, Position> {
  const { store } = call.plane;
  return pageOf(request, request.position, {
    read: (position, limit) => listObjects(store, request, position, limit),
    positionOf: ({ key }) => ({ afterKey: key }),
  });
}

/** Reads one page. Every entry and every common prefix counts once towards the limit. */
export function pageOf<Entry extends { readonly key: string }, At extends Position>(
  request: Pick<PageRequest, 'prefix' | 'delimiter' | 'limit'>,
  start: At | Position,
  listing: Listing<Entry, At>,
): Page<Entry, At> {
  const { limit } = request;
  const objects: Entry[] = [];
  const commonPrefixes: string[] = [];
  let position = start;
  if (limit === 0) return { objects, commonPrefixes, next: undefined };
  for (;;) {
    const wanted = limit - objects.length - commonPrefixes.length + 1;
    const batchSize = request.delimiter === '' ? wanted : Math.min(wanted, ROLL_UP_BATCH);
    const batch = listing.read(position, batchSize);
    for (const object of batch) {
      if (isBehind(object.key, position)) continue;
      if (objects.length + commonPrefixes.length === limit)
        return { objects, commonPrefixes, next: position };
      const rolledUp = commonPrefixOf(object.key, request);
      if (rolledUp === undefined) objects.push(object);
      else commonPrefixes.push(rolledUp);
      position = rolledUp === undefined ? listing.positionOf(object) : { afterPrefix: rolledUp };
    }
    if (batch.length < batchSize) return { objects, commonPrefixes, next: undefined };
  }
}

/** True for the rest of a batch under a common prefix that is listed already. */
function isBehind(key: string, { afterPrefix }: Position): boolean {
  return afterPrefix !== undefined && key.startsWith(afterPrefix);
}

/** What `key` is rolled up to: up to and with the first delimiter behind the prefix. */
export function commonPrefixOf(
  key: string,
  { prefix, delimiter }: Pick<PageRequest, 'prefix' | 'delimiter'>,
): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** Where the first-version listings go on: a marker inside a common prefix means that the prefix was listed. */
export function afterMarker(marker: string, within: Pick<PageRequest, 'prefix' | 'delimiter'>): Position {
  const listed = marker.startsWith(within.prefix) ? commonPrefixOf(marker, within) : undefined;
  return listed === undefined ? { afterKey: marker } : { afterPrefix: listed };
}

/** The page size that a request asks for. */
export function parseLimit(wanted: number | undefined, argument: string, queryName: string): number {
  if (wanted === undefined) return PAGE_MAX;
  if (Number.isInteger(wanted) && wanted >= 0 && wanted <= 2_147_483_647) return Math.min(wanted, PAGE_MAX);
  throw faults.invalidArgument(
    `Argument ${argument} must be an integer between 0 and 2147483647`,
    queryName,
    String(wanted),
  );
}

/** `encoding-type=url`: as Java's URLEncoder, but slashes stay. */
export function encodeKey(text: string, encodingType: string | undefined): string {
  if (encodingType === undefined) return text;
  return encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function assertEncodingType(encodingType: string | undefined): void {
  if (encodingType === undefined || encodingType === 'url') return;
  throw faults.invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType);
}
