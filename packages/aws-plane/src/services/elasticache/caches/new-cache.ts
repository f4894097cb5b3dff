// What new caches of every kind have in common.
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { engineName, familyOf, versionOf } from '../catalogue.ts';
import { faults } from '../faults.ts';
import { arnOf, named, userGroups } from '../kinds.ts';
import { defaultGroupName, findParameterGroup } from '../parameters/parameter-records.ts';
import type { CacheKind, StoredCache } from '../records.ts';
import { withTags } from '../tags.ts';
import type { Tag } from '../access.ts';

export interface EngineRequest {
  readonly Engine?: string | undefined;
  readonly EngineVersion?: string | undefined;
  readonly CacheParameterGroupName?: string | undefined;
}

/** Engine, full version and parameter group; throws when they do not go together. */
export function engineOf(
  call: Call,
  { Engine, EngineVersion, CacheParameterGroupName }: EngineRequest,
  options: { readonly otherwise: string; readonly clustered: boolean },
): Pick<StoredCache, 'engine' | 'version' | 'parameterGroup'> {
  const engine = engineName(Engine, options.otherwise);
  const version = versionOf(engine, EngineVersion).full;
  const family = familyOf(engine, version);
  const parameterGroup = parameterGroupFor(call, family, CacheParameterGroupName, options.clustered);
  return { engine, version, parameterGroup };
}

export function parameterGroupFor(
  call: Call,
  family: string,
  name: string | undefined,
  clustered: boolean,
): string {
  if (name === undefined || name === '') return defaultGroupName(family, clustered);
  const group = findParameterGroup(call.plane.store, homeOf(call), name);
  if (!group) throw faults.noSuchParameterGroup(name);
  if (group.family === family) return group.name;
  throw faults.invalidCombination(
    `Expected a parameter group of family ${family} but found one of family ${group.family}`,
  );
}

const maintenancePattern =
  /^(?:mon|tue|wed|thu|fri|sat|sun):(?:[01]\d|2[0-3]):[0-5]\d-(?:mon|tue|wed|thu|fri|sat|sun):(?:[01]\d|2[0-3]):[0-5]\d$/;
const snapshotPattern = /^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/;

/** `HH:MM-HH:MM` for snapshots, `ddd:HH:MM-ddd:HH:MM` for maintenance. */
export function windowOf(text: string | undefined, otherwise: string): string {
  const pattern =
    otherwise.includes(':') && /^[a-z]{3}:/.test(otherwise) ? maintenancePattern : snapshotPattern;
  const window = (text || otherwise).toLowerCase();
  if (pattern.test(window)) return window;
  throw faults.invalidValue(`Invalid window: ${text ?? ''}. It must be of the form ${otherwise}.`);
}

export function snapshotDaysOf(days: number | undefined): number {
  if (days === undefined || (Number.isInteger(days) && days >= 0 && days <= 35)) return days ?? 0;
  throw faults.invalidValue('SnapshotRetentionLimit must be between 0 and 35.');
}

export function portOf(port: number | undefined, otherwise: number): number {
  if (port === undefined || (port >= 1 && port <= 65_535)) return port ?? otherwise;
  throw faults.invalidValue('The parameter Port must be between 1 and 65535.');
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html */
export function authTokenOf(token: string | undefined): readonly string[] {
  if (token === undefined) return [];
  if (/^[A-Za-z0-9!&#$^<>-]{16,128}$/.test(token)) return [token];
  throw faults.invalidValue(
    'Invalid AuthToken provided. The token must be 16 to 128 printable characters, of which those that are not ' +
      'alphanumeric are restricted to (!, &, #, $, ^, <, >, -).',
  );
}

/** Groups that a cache of `engine` may use. */
export function userGroupsOf(
  call: Call,
  ids: readonly string[] | undefined,
  engine: string,
): readonly string[] {
  const found = (ids ?? []).map((id) => named(call.plane.store, userGroups, homeOf(call), id));
  if (found.length > 1) throw faults.invalidValue('The number of user groups must be at most 1.');
  for (const group of found) {
    if (group.engine === 'valkey' && engine !== 'valkey') {
      throw faults.invalidCombination('User group and cache must have compatible engines.');
    }
  }
  return found.map(({ name }) => name);
}

export interface NewCache {
  readonly kind: CacheKind;
  readonly name: string;
  readonly tags: readonly Tag[] | undefined;
}

type Common = Omit<
  StoredCache,
  'kind' | 'name' | 'arn' | 'tags' | 'engineId' | 'createdAt' | 'status' | 'places' | 'pending'
>;

export function newCache(call: Call, { kind, name, tags }: NewCache, rest: Common): StoredCache {
  const createdAt = new Date(call.nowMs).toISOString();
  return {
    ...rest,
    kind,
    name,
    arn: arnOf(homeOf(call), kind, name),
    tags: withTags({}, tags),
    engineId: `${kind}-${name}-${call.plane.random.text(8, 'abcdefghijklmnopqrstuvwxyz0123456789')}`,
    createdAt,
    status: 'creating',
    places: {},
    pending: {},
    ...(rest.authTokens.length > 0 ? { authTokenAt: createdAt } : {}),
  };
}
