// The only file that knows the keys of CloudWatch Logs in the store, and the shapes kept under them. The events
// themselves are in the log store. What belongs to a group stands under its key, which is never used again.
//
//   aws/logs/home/<account>/<region>/group/<name>            LogGroup
//   aws/logs/home/<account>/<region>/<table>/<id>            query definitions, resource policies, export tasks
//   aws/logs/in/<group's key>/stream/<name>                  LogStream
//   aws/logs/in/<group's key>/<kind>/<name>                  what else belongs to a group, e.g. metric filters
//   aws/logs/token-key                                       what page tokens are sealed with
import type { GroupRef } from '@pergola/log-store';
import type { Reader, Transaction } from '@pergola/store';
import { escapeKey } from '../../key-escape.ts';
import { groupArn, type GroupName, type Home } from './arn.ts';

export type LogGroupClass = 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY';

export interface LogGroup extends GroupName {
  /** Names the group's events in the log store. Unique for ever. */
  readonly key: string;
  readonly createdMs: number;
  readonly class: LogGroupClass;
  readonly tags: Readonly<Record<string, string>>;
  /** Days; absent: events are kept for ever. */
  readonly retentionDays?: number | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly deletionProtected?: boolean | undefined;
}

export interface LogStream {
  readonly name: string;
  readonly createdMs: number;
}

/** What belongs to a group. `deleted-stream`: some of its events may have come in while it was being deleted. */
export type ChildKind = 'stream' | 'deleted-stream' | 'metric-filter' | 'subscription-filter';

const root = 'aws/logs';
const homePrefix = ({ account, region }: Home) => `${root}/home/${account}/${region}/`;
const groupPrefix = (home: Home) => `${homePrefix(home)}group/`;
const childrenPrefix = (groupKey: string) => `${root}/in/${groupKey}/`;
/** Table of the resource policies of groups, by their ARNs. */
export const GROUP_POLICY = 'group-policy';
const TOKEN_KEY = `${root}/token-key`;

function parse<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

export interface ListPage {
  /** Only names strictly behind this one. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

function listAt<T>(reader: Reader, base: string, prefix: string, page: ListPage): T[] {
  const { after, limit = Infinity } = page;
  const from = after === undefined ? undefined : base + escapeKey(after);
  return reader
    .list(base + escapeKey(prefix), from === undefined ? { limit } : { after: from, limit })
    .map((entry) => JSON.parse(entry.value) as T);
}

// Groups.

export function findGroup(reader: Reader, at: GroupName): LogGroup | undefined {
  return parse(reader.get(groupPrefix(at) + at.name)?.value);
}

/** Groups whose name starts with `prefix`, by name. */
export function groupsOf(reader: Reader, home: Home, prefix = '', page: ListPage = {}): LogGroup[] {
  return listAt(reader, groupPrefix(home), prefix, page);
}

export function putGroup(tx: Transaction, group: LogGroup): void {
  tx.put(groupPrefix(group) + group.name, JSON.stringify(group));
}

/** Forgets a group and all that belongs to it. Its events are the log store's. */
export function deleteGroup(tx: Transaction, group: LogGroup): void {
  tx.delete(groupPrefix(group) + group.name);
  tx.delete(`${homePrefix(group)}${GROUP_POLICY}/${escapeKey(groupArn(group))}`);
  for (const { key } of tx.list(childrenPrefix(group.key))) tx.delete(key);
}

/** Every group of every account and region. */
export function allGroups(reader: Reader): LogGroup[] {
  return everyRecord<LogGroup>(reader, { noun: 'group' }).map(({ record }) => record);
}

export function refOf(group: LogGroup): GroupRef {
  return { account: group.account, name: group.name, key: group.key };
}

// What belongs to a group.

const childPrefix = (groupKey: string, kind: ChildKind) => `${childrenPrefix(groupKey)}${kind}/`;

export function findChild<T>(reader: Reader, group: LogGroup, kind: ChildKind, name: string): T | undefined {
  return parse(reader.get(childPrefix(group.key, kind) + escapeKey(name))?.value);
}

/** Children of a kind whose name starts with `prefix`, by name. */
export function childrenOf<T>(
  reader: Reader,
  group: LogGroup,
  kind: ChildKind,
  page: ListPage & { readonly prefix?: string | undefined } = {},
): T[] {
  return listAt(reader, childPrefix(group.key, kind), page.prefix ?? '', page);
}

export function countChildren(
  reader: Reader & { count(prefix: string): number },
  group: LogGroup,
  kind: ChildKind,
): number {
  return reader.count(childPrefix(group.key, kind));
}

export function putChild<T extends { readonly name: string }>(
  tx: Transaction,
  group: LogGroup,
  kind: ChildKind,
  child: T,
): void {
  tx.put(childPrefix(group.key, kind) + escapeKey(child.name), JSON.stringify(child));
}

export function deleteChild(tx: Transaction, group: LogGroup, kind: ChildKind, name: string): void {
  tx.delete(childPrefix(group.key, kind) + escapeKey(name));
}

// Tables of an account and region.

/** Records of a table in every account and region, with where they are. */
export function everyRecord<T>(
  reader: Reader,
  table: Table<T>,
): { readonly home: Home; readonly record: T }[] {
  return reader.list(`${root}/home/`).flatMap(({ key, value }) => {
    const [, , , account = '', region = '', noun] = key.split('/', 6);
    return noun === table.noun ? [{ home: { account, region }, record: JSON.parse(value) as T }] : [];
  });
}

/** One kind of record. */
export interface Table<T> {
  readonly noun: string;
  /** Never present: carries the type. */
  readonly record?: T;
}

export function readRecord<T>(reader: Reader, table: Table<T>, home: Home, id: string): T | undefined {
  return parse(reader.get(`${homePrefix(home)}${table.noun}/${escapeKey(id)}`)?.value);
}

export function listRecords<T>(
  reader: Reader,
  table: Table<T>,
  home: Home,
  page: ListPage & { readonly prefix?: string | undefined } = {},
): T[] {
  return listAt(reader, `${homePrefix(home)}${table.noun}/`, page.prefix ?? '', page);
}

export function writeRecord<T>(
  tx: Transaction,
  table: Table<T>,
  at: Home & { readonly id: string },
  record: T,
): void {
  tx.put(`${homePrefix(at)}${table.noun}/${escapeKey(at.id)}`, JSON.stringify(record));
}

export function deleteRecord<T>(tx: Transaction, table: Table<T>, home: Home, id: string): void {
  tx.delete(`${homePrefix(home)}${table.noun}/${escapeKey(id)}`);
}

// Tokens.

/** The key that page tokens are sealed with; `fresh` becomes it when there is none yet. */
export function tokenKey(tx: Transaction, fresh: Buffer): Buffer {
  const known = tx.get(TOKEN_KEY)?.value;
  if (known !== undefined) return Buffer.from(known, 'base64');
  tx.put(TOKEN_KEY, fresh.toString('base64'));
  return fresh;
}
