// Changes of tables that need calls of their own: AWS takes one change of an index or a replica at a time.
import type { Dealings, Raw } from '../../kind/description.ts';
import type { Difference, Json } from '../../kind/kind.ts';
import { isSatisfied } from '../../kind/compare/sameness.ts';
import { isObject } from '../../kind/values/to-aws.ts';

type Named = ReadonlyMap<string, Raw>;

/** One call for each index: AWS refuses the second while it is at the first, and then it is made later. */
export async function changeIndexes(dealings: Dealings): Promise<void> {
  const { call, find, field, resource } = dealings;
  const asked = byName(field('GlobalSecondaryIndexes'), 'IndexName');
  const has = byName(resource['GlobalSecondaryIndexes'], 'IndexName');
  for (const update of indexChanges(asked, has)) {
    await call('UpdateTable', {
      TableName: find('$TableName'),
      // New indexes may have keys that the table did not know.
      AttributeDefinitions: field('AttributeDefinitions'),
      GlobalSecondaryIndexUpdates: [update],
    });
  }
}

function* indexChanges(asked: Named, has: Named): Generator<Raw> {
  for (const IndexName of has.keys()) if (!asked.has(IndexName)) yield { Delete: { IndexName } };
  for (const [IndexName, index] of asked) {
    const present = has.get(IndexName);
    // Another key or projection is another index.
    const isOther = present && !isSame(keysOf(index), keysOf(present));
    if (isOther) yield { Delete: { IndexName } };
    if (!present || isOther) {
      yield { Create: index };
      continue;
    }
    const { ProvisionedThroughput, OnDemandThroughput, WarmThroughput } = index;
    const throughput = { ProvisionedThroughput, OnDemandThroughput, WarmThroughput };
    if (!isSame(throughput, present)) yield { Update: { IndexName, ...throughput } };
  }
}

export async function changeReplicas(dealings: Dealings): Promise<void> {
  const { call, find, field, resource } = dealings;
  const asked = byName(field('TableReplicas'), 'RegionName');
  const has = byName(resource['Replicas'], 'RegionName');
  for (const update of replicaChanges(asked, has)) {
    await call('UpdateTable', { TableName: find('$TableName'), ReplicaUpdates: [update] });
  }
}

function* replicaChanges(asked: Named, has: Named): Generator<Raw> {
  for (const RegionName of has.keys()) if (!asked.has(RegionName)) yield { Delete: { RegionName } };
  for (const [RegionName, replica] of asked) {
    const present = has.get(RegionName);
    if (!present) yield { Create: replica };
    else if (!isSame(replica, present)) yield { Update: replica };
  }
}

/** A stream cannot become one of another view: the one that there is ends first, and then the table is busy. */
export async function changeStream({ call, find, field, resource }: Dealings): Promise<void> {
  const asked = field('StreamSpecification');
  const has = resource['StreamSpecification'];
  const isOther = isEnabled(asked) && isEnabled(has);
  await call('UpdateTable', {
    TableName: find('$TableName'),
    StreamSpecification: isOther || !isEnabled(asked) ? { StreamEnabled: false } : asked,
  });
}

function isEnabled(stream: unknown): boolean {
  return isObject(stream) && stream['StreamEnabled'] === true;
}

/** Throughput goes with the billing mode in one call. */
export async function changeBilling(dealings: Dealings): Promise<void> {
  const { call, find, field } = dealings;
  const mode = field('BillingMode');
  const updates = mode === 'PROVISIONED' ? indexThroughput(dealings) : [];
  await call('UpdateTable', {
    TableName: find('$TableName'),
    ...(mode !== undefined && { BillingMode: mode }),
    ...(mode !== 'PAY_PER_REQUEST' && { ProvisionedThroughput: field('ProvisionedThroughput') }),
    ...(updates.length > 0 && { GlobalSecondaryIndexUpdates: updates }),
  });
}

/** When a table becomes provisioned, its indexes need to be told theirs; those that are about to go need some as well. */
function indexThroughput({ field, resource }: Dealings): readonly Raw[] {
  const asked = byName(field('GlobalSecondaryIndexes'), 'IndexName');
  return [...byName(resource['GlobalSecondaryIndexes'], 'IndexName').keys()].flatMap((IndexName) => {
    const index = asked.get(IndexName);
    const ProvisionedThroughput = index ? index['ProvisionedThroughput'] : field('ProvisionedThroughput');
    return ProvisionedThroughput === undefined ? [] : [{ Update: { IndexName, ProvisionedThroughput } }];
  });
}

/** What is off stays off, whatever else is said of it. */
export function withoutIdleSettings(
  differences: readonly Difference[],
  spec: Raw,
  observed: Raw,
): readonly Difference[] {
  return differences.filter(({ path }) => {
    const [field = ''] = path.split('.');
    const switchName = switches[field];
    if (switchName === undefined) return true;
    return isOn(spec[field], switchName) || isOn(observed[field], switchName);
  });
}

const switches: Readonly<Record<string, string>> = {
  timeToLive: 'enabled',
  continuousBackups: 'pointInTimeRecoveryEnabled',
  sseSpecification: 'enabled',
  streamSpecification: 'streamEnabled',
};

function isOn(value: unknown, name: string): boolean {
  return isObject(value) && value[name] === true;
}

function keysOf({ KeySchema, Projection }: Raw): Raw {
  return { KeySchema, Projection };
}

function isSame(asked: Raw, present: Raw): boolean {
  return isSatisfied(plain(asked), plain(present));
}

function plain(value: Raw): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function byName(list: unknown, member: string): Named {
  const entries = (Array.isArray(list) ? list : []).filter(isObject);
  return new Map(entries.map((entry) => [String(entry[member]), entry]));
}
