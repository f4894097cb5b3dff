// The settings of a table as requests give them, read into what is kept.
import type {
  GlobalSecondaryIndex,
  LocalSecondaryIndex,
  OnDemandThroughput,
  ProvisionedThroughput,
  SSESpecification,
  StreamSpecification,
  Tag,
  WarmThroughput,
} from '@aws-sdk/client-dynamodb';
import { alphabets, type Random } from '@pergola/kernel';
import type { Call } from '../../../call.ts';
import type { TableName } from '../arn.ts';
import { faults } from '../faults.ts';
import { keysOf, projectionOf } from './key-schema.ts';
import type {
  IndexRecord,
  OnDemandRecord,
  StreamSetting,
  TableRecord,
  ThroughputRecord,
} from './table-record.ts';

const INDEX_KEY_DIGITS = 8;
const STREAM_KEY_DIGITS = 16;

export const newIndexKey = (random: Random) => random.text(INDEX_KEY_DIGITS, alphabets.hex);

type Billing = TableRecord['billing'];

/** Units for a table or global index; `who` is `table` or `index: NAME`. */
export function throughputOf(
  given: ProvisionedThroughput | undefined,
  billing: Billing,
  who: string,
): ThroughputRecord {
  if (billing === 'PAY_PER_REQUEST') {
    if (given && (given.ReadCapacityUnits !== 0 || given.WriteCapacityUnits !== 0))
      throw faults.invalid(
        'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
    return { read: 0, write: 0 };
  }
  if (!given) throw faults.invalid(missingThroughput(who));
  return { read: given.ReadCapacityUnits ?? 0, write: given.WriteCapacityUnits ?? 0 };
}

function missingThroughput(who: string): string {
  return who === 'table'
    ? 'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED'
    : `ProvisionedThroughput must be specified for ${who}`;
}

export function onDemandOf(given: OnDemandThroughput | undefined): OnDemandRecord | undefined {
  if (!given) return undefined;
  return { read: given.MaxReadRequestUnits, write: given.MaxWriteRequestUnits };
}

export function warmOf(given: WarmThroughput | undefined): OnDemandRecord | undefined {
  if (!given) return undefined;
  return { read: given.ReadUnitsPerSecond, write: given.WriteUnitsPerSecond };
}

export function localIndexOf(random: Random, given: LocalSecondaryIndex): IndexRecord {
  return {
    name: given.IndexName ?? '',
    key: newIndexKey(random),
    ...keysOf(given.KeySchema),
    ...projectionOf(given.Projection),
    status: 'ACTIVE',
  };
}

export interface GlobalIndexPlace {
  readonly random: Random;
  readonly billing: Billing;
  readonly status: IndexRecord['status'];
}

export function globalIndexOf(
  given: GlobalSecondaryIndex,
  { random, billing, status }: GlobalIndexPlace,
): IndexRecord {
  const name = given.IndexName ?? '';
  return {
    name,
    key: newIndexKey(random),
    ...keysOf(given.KeySchema),
    ...projectionOf(given.Projection),
    throughput: throughputOf(given.ProvisionedThroughput, billing, `index: ${name}`),
    onDemand: onDemandOf(given.OnDemandThroughput),
    warm: warmOf(given.WarmThroughput),
    status,
  };
}

/** The stream that a specification asks for; undefined when it asks for none. */
export function newStream(call: Call, given: StreamSpecification | undefined): StreamSetting | undefined {
  if (!given?.StreamEnabled) {
    if (given?.StreamViewType !== undefined)
      throw faults.invalid('StreamViewType cannot be specified when StreamEnabled is false');
    return undefined;
  }
  if (given.StreamViewType === undefined)
    throw faults.invalid('StreamViewType must be specified when StreamEnabled is true');
  return {
    label: new Date(call.nowMs).toISOString().replace('Z', ''),
    key: call.plane.random.text(STREAM_KEY_DIGITS, alphabets.hex),
    view: given.StreamViewType,
    enabled: true,
  };
}

/** ARN of the key that encrypts; undefined for the one that AWS owns. */
export function kmsKeyOf(at: TableName, given: SSESpecification | undefined): string | undefined {
  if (!given?.Enabled) {
    if (given?.KMSMasterKeyId !== undefined)
      throw faults.invalid('KMSMasterKeyId cannot be specified when SSE is not enabled');
    return undefined;
  }
  if (given.SSEType === 'AES256') throw faults.invalid('SSEType AES256 is not supported');
  const prefix = `arn:aws:kms:${at.region}:${at.account}:`;
  const id = given.KMSMasterKeyId ?? 'alias/aws/dynamodb';
  if (id.startsWith('arn:')) return id;
  return prefix + (id.startsWith('alias/') ? id : `key/${id}`);
}

const TAGS_MAX = 50;

export function tagsOf(given: readonly Tag[] = []): Record<string, string> {
  const tags = new Map<string, string>();
  for (const { Key: key = '', Value: value = '' } of given) {
    if (/^aws:/i.test(key))
      throw faults.validation('One or more parameter values were invalid: Tag keys cannot begin with aws:');
    if (tags.has(key)) throw faults.validation(`Duplicate tag key found: ${key}`);
    tags.set(key, value);
  }
  return assertTagCount(Object.fromEntries(tags));
}

export function assertTagCount<T extends Readonly<Record<string, string>>>(tags: T): T {
  if (Object.keys(tags).length > TAGS_MAX)
    throw faults.validation(`Too Many Tags: the limit is ${TAGS_MAX} tags for each resource`);
  return tags;
}
