// What modifying a cluster and modifying a replication group have in common.
import type { Call } from '../../../call.ts';
import { engineName, familyOf, nodeType, versionOf } from '../catalogue.ts';
import { faults } from '../faults.ts';
import type { PendingChanges, StoredCache } from '../records.ts';
import type { Planned } from './begin.ts';
import { securityGroupsOf } from './network.ts';
import { authTokenOf, parameterGroupFor, snapshotDaysOf, windowOf } from './new-cache.ts';
import { accessOf, parametersOf } from './settings.ts';
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

function plainChanges(
  call: Call,
  cache: StoredCache,
  request: CommonRequest,
  version: string,
): Partial<StoredCache> {
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
    parameterGroup: groupFor(call, cache, request, version),
  };
}

/** A new major version needs a group of its family: the default one when the cache had a default one. */
function groupFor(call: Call, cache: StoredCache, request: CommonRequest, version: string): string {
  const engine = request.Engine?.toLowerCase() ?? cache.engine;
  const family = familyOf(engine, version);
  const isDefault = cache.parameterGroup.startsWith('default.');
  const name = request.CacheParameterGroupName ?? (isDefault ? undefined : cache.parameterGroup);
  return parameterGroupFor(call, family, name, cache.clustered);
}

/** The record and the engine's change; `extra` is what only one kind has. */
export async function commonChanges(
  call: Call,
  cache: StoredCache,
  request: CommonRequest,
  extra: Partial<StoredCache> = {},
): Promise<Planned> {
  if (request.LogDeliveryConfigurations?.length) throw faults.notImplemented('The delivery of logs');
  if (request.CacheSecurityGroupNames?.length) throw faults.noSecurityGroups();
  const waiting = waitingChanges(cache, request);
  const isNow = request.ApplyImmediately === true;
  const upgrade = isNow ? waiting : {};
  const securityGroups = request.SecurityGroupIds && (await securityGroupsOf(call, request.SecurityGroupIds));
  const patch: Partial<StoredCache> = {
    ...plainChanges(call, cache, request, upgrade.version ?? cache.version),
    ...authChanges(call, cache, request),
    ...(securityGroups ? { securityGroups } : {}),
    ...upgrade,
    ...extra,
    pending: isNow ? {} : { ...cache.pending, ...waiting },
  };
  const { store } = call.plane;
  const home = homeOf(call);
  return {
    patch,
    change: async (engine, now) => {
      await engine.setAccess(accessOf(store, home, now));
      await engine.setParameters(parametersOf(store, home, now));
      await engine.setTls(now.tls);
      return {};
    },
  };
}
