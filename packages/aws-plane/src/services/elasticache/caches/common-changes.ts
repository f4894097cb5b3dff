// What modifying a cluster and modifying a replication group have in common.
import type { Reader } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { engineName, familyOf, nodeType, versionOf } from '../catalogue.ts';
import { faults } from '../faults.ts';
import type { PendingChanges, StoredCache } from '../records.ts';
import type { Home } from '../state.ts';
import type { Planned } from './begin.ts';
import type { Change } from './runtime.ts';
import { securityGroupsOf } from './network.ts';
import { authTokenOf, parameterGroupFor, snapshotDaysOf, windowOf } from './new-cache.ts';
import { accessOf, layoutOf, parametersOf } from './settings.ts';
import { homeOf } from '../access.ts';

export interface CommonRequest {
  readonly ApplyImmediately?: boolean | undefined;
  readonly Engine?: string | undefined;
  readonly EngineVersion?: string | undefined;
  readonly CacheNodeType?: string | undefined;
  readonly CacheParameterGroupName?: string | undefined;
  readonly CacheSecurityGroupNames?: readonly string[] | undefined;
  readonly SecurityGroupIds?: readonly string[] | undefined;
  readonly PreferredMaintenanceWindow?: string | undefined;
  readonly SnapshotRetentionLimit?: number | undefined;
  readonly SnapshotWindow?: string | undefined;
  readonly AutoMinorVersionUpgrade?: boolean | undefined;
  readonly NotificationTopicArn?: string | undefined;
  readonly NotificationTopicStatus?: string | undefined;
  readonly AuthToken?: string | undefined;
  readonly AuthTokenUpdateStrategy?: string | undefined;
  readonly LogDeliveryConfigurations?: readonly unknown[] | undefined;
}

/** Engine, version and node type: what waits for the maintenance window unless it is wanted at once. */
function waitingChanges(cache: StoredCache, request: CommonRequest): PendingChanges {
  const engine = engineName(request.Engine, cache.engine);
  if (engine !== cache.engine && !(cache.engine === 'redis' && engine === 'valkey')) {
    throw faults.invalidValue(`Cannot change the engine from ${cache.engine} to ${engine}.`);
  }
  const wanted = request.EngineVersion ?? (engine === cache.engine ? cache.version : undefined);
  const version = versionOf(engine, wanted).full;
  if (engine === cache.engine && Number.parseFloat(version) < Number.parseFloat(cache.version)) {
    throw faults.invalidCombination(`Cannot downgrade the engine from ${cache.version} to ${version}.`);
  }
  const type = request.CacheNodeType === undefined ? cache.nodeType : nodeType(request.CacheNodeType);
  return {
    ...(type === cache.nodeType ? {} : { nodeType: type }),
    ...(version === cache.version ? {} : { version }),
    ...(engine === cache.engine ? {} : { engine }),
  };
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html#auth-modifyng-token */
function authChanges(call: Call, cache: StoredCache, request: CommonRequest): Partial<StoredCache> {
  const { AuthToken, AuthTokenUpdateStrategy: strategy = 'ROTATE' } = request;
  if (AuthToken === undefined && request.AuthTokenUpdateStrategy === undefined) return {};
  if (strategy === 'DELETE') return { authTokens: [], authTokenAt: undefined };
  if (cache.tls === 'off') {
    throw faults.invalidCombination(
      'The AUTH token modification is only supported when encryption-in-transit is enabled.',
    );
  }
  const [token] = authTokenOf(AuthToken);
  if (token === undefined) throw faults.invalidCombination('AuthToken must be specified.');
  const kept = strategy === 'SET' ? [] : cache.authTokens.filter((each) => each !== token).slice(-1);
  return { authTokens: [...kept, token], authTokenAt: new Date(call.nowMs).toISOString() };
}

function plainChanges(cache: StoredCache, request: CommonRequest): Partial<StoredCache> {
  const topic = request.NotificationTopicArn ?? cache.topic;
  return {
    maintenanceWindow: windowOf(
      request.PreferredMaintenanceWindow ?? cache.maintenanceWindow,
      'sun:05:00-sun:06:00',
    ),
    snapshotDays: snapshotDaysOf(request.SnapshotRetentionLimit ?? cache.snapshotDays),
    snapshotWindow: windowOf(request.SnapshotWindow ?? cache.snapshotWindow, '03:00-04:00'),
    autoMinor: request.AutoMinorVersionUpgrade ?? cache.autoMinor,
    topic: request.NotificationTopicStatus === 'inactive' ? undefined : topic,
  };
}

/** A new major version needs a group of its family: the default one when the cache had a default one. */
function groupFor(
  call: Call,
  cache: StoredCache,
  name: string | undefined,
  { engine = cache.engine, version = cache.version }: PendingChanges,
): string {
  const isDefault = cache.parameterGroup.startsWith('default.');
  const wanted = name ?? (isDefault ? undefined : cache.parameterGroup);
  return parameterGroupFor(call, familyOf(engine, version), wanted, cache.clustered);
}

/** All that waits once this request has been taken: what it names anew replaces what waited. */
function nextPending(
  call: Call,
  cache: StoredCache,
  request: CommonRequest,
  extra: PendingChanges,
): PendingChanges {
  const { nodeType: type, version, engine, parameterGroup, ...rest } = cache.pending;
  const isVersioned = request.EngineVersion !== undefined || request.Engine !== undefined;
  const waiting = {
    ...rest,
    ...(request.CacheNodeType === undefined && type !== undefined ? { nodeType: type } : {}),
    ...(isVersioned ? {} : { ...(version ? { version } : {}), ...(engine ? { engine } : {}) }),
    ...waitingChanges(cache, request),
    ...extra,
  };
  const changesFamily =
    familyOf(waiting.engine ?? cache.engine, waiting.version ?? cache.version) !==
    familyOf(cache.engine, cache.version);
  const name = request.CacheParameterGroupName ?? (isVersioned ? undefined : parameterGroup);
  return changesFamily ? { ...waiting, parameterGroup: groupFor(call, cache, name, waiting) } : waiting;
}

/** What a cache becomes when its pending changes are applied. */
export function appliedChanges(cache: StoredCache, pending: PendingChanges): Partial<StoredCache> {
  const { nodes, ...plain } = pending;
  const [shard] = cache.shards;
  return { ...plain, pending: {}, ...(nodes && shard ? { shards: [{ ...shard, nodes }] } : {}) };
}

/** Tells a cache's engine all that may have changed. */
export function engineChange(reader: Reader, home: Home): Change {
  return async (engine, now) => {
    await engine.setLayout(layoutOf(now));
    await engine.setAccess(accessOf(reader, home, now));
    await engine.setParameters(parametersOf(reader, home, now));
    await engine.setTls(now.tls);
    return {};
  };
}

/** What only one kind of cache has: changes at once, and changes that wait. */
export interface OwnChanges {
  readonly patch?: Partial<StoredCache>;
  readonly waiting?: PendingChanges;
}

/** The record and the engine's change. What is applied immediately takes along all that was waiting. */
export async function commonChanges(
  call: Call,
  cache: StoredCache,
  request: CommonRequest,
  own: OwnChanges = {},
): Promise<Planned> {
  if (request.LogDeliveryConfigurations?.length) throw faults.notImplemented('The delivery of logs');
  if (request.CacheSecurityGroupNames?.length) throw faults.noSecurityGroups();
  const pending = nextPending(call, cache, request, own.waiting ?? {});
  const securityGroups = request.SecurityGroupIds && (await securityGroupsOf(call, request.SecurityGroupIds));
  const { CacheParameterGroupName: group } = request;
  const parameterGroup =
    pending.parameterGroup === undefined ? groupFor(call, cache, group, {}) : cache.parameterGroup;
  const patch: Partial<StoredCache> = {
    ...plainChanges(cache, request),
    parameterGroup,
    ...authChanges(call, cache, request),
    ...(securityGroups ? { securityGroups } : {}),
    ...own.patch,
    pending,
    ...(request.ApplyImmediately === true ? appliedChanges(cache, pending) : {}),
  };
  return { patch, change: engineChange(call.plane.store, homeOf(call)) };
}
