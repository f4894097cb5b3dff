// What a client may write for a key: its id, its ARN, an alias, an alias's ARN.
import { createHash } from 'node:crypto';
import type { Call } from '../../call.ts';
import { faults } from './faults.ts';
import { findAlias, findKey, type Home, type StoredKey } from './state.ts';

export function keyArn({ account, region }: Home, id: string): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

export function aliasArn({ account, region }: Home, name: string): string {
  return `arn:aws:kms:${region}:${account}:${name}`;
}

/** Where a key lives, and its id; of an alias also its name. */
export interface KeyName extends Home {
  readonly id: string;
  readonly alias?: string | undefined;
}

/** Services whose keys AWS makes when they are first used, under the alias `alias/aws/NAME`. */
export const managedServices: readonly string[] = [
  'acm',
  'backup',
  'dynamodb',
  'ebs',
  'elasticache',
  'elasticfilesystem',
  'es',
  'glue',
  'kinesis',
  'lambda',
  'rds',
  'redshift',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'xray',
];

/** The service of `alias/aws/rds`, when it is one that has a key of its own. */
export function managedServiceOf(alias: string): string | undefined {
  return managedServices.find((service) => alias === `alias/aws/${service}`);
}

/** The id that the key of a service has, or will have: it is named before it is made. */
export function managedKeyId({ account, region }: Home, service: string): string {
  const hex = createHash('sha256').update(`${account}/${region}/alias/aws/${service}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const ARN = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(key\/[A-Za-z0-9-]+|alias\/[A-Za-z0-9/_-]+)$/;

/**
 * Reads what a client wrote, without a look at whether the key is there. Throws for what is no name at all, for
 * another region's, and for an alias that does not lead to a key.
 */
export function parseKeyName(call: Call, text: string): KeyName {
  const home = { account: call.account, region: call.region };
  if (!text.startsWith('arn:')) return nameIn(call, home, text);
  const [, region, account, rest] = ARN.exec(text) ?? [];
  if (region === undefined || account === undefined || rest === undefined) throw faults.invalidKeyId(text);
  if (region !== call.region) throw faults.otherRegion(region);
  return nameIn(call, { account, region }, rest.startsWith('key/') ? rest.slice('key/'.length) : rest);
}

function nameIn(call: Call, home: Home, text: string): KeyName {
  if (!text.startsWith('alias/')) {
    if (!/^[A-Za-z0-9-]{1,2048}$/.test(text)) throw faults.invalidKeyId(text);
    return { ...home, id: text };
  }
  const found = findAlias(call.plane.store, home, text);
  if (found) return { ...home, id: found.keyId, alias: text };
  const service = managedServiceOf(text);
  if (service === undefined) throw faults.noSuchAlias(aliasArn(home, text));
  return { ...home, id: managedKeyId(home, service), alias: text };
}

/** The key that is named; an AWS managed one is not made here. */
export function namedKey(call: Call, name: KeyName): StoredKey | undefined {
  return findKey(call.plane.store, name, name.id, call.nowMs);
}
