// Keys that AWS makes for its services: `alias/aws/rds` and its like. They are made when they are first named.
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
import type { Call } from '../../call.ts';
import { faults } from './faults.ts';
import { keyArn, type KeyName, managedServiceOf, namedKey } from './key-names.ts';
import { newMaterial } from './material.ts';
import { findKey, type Home, putAlias, putKey, type StoredKey } from './state.ts';

const uses = [
  'Encrypt',
  'Decrypt',
  'ReEncrypt*',
  'GenerateDataKey*',
  'CreateGrant',
  'ListGrants',
  'DescribeKey',
];
const looks = ['Describe*', 'Get*', 'List*', 'RevokeGrant'];

/** Usable through the service by those who may use the service, readable by the account, changeable by nobody. */
export function managedPolicy({ account, region }: Home, service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}-1`,
    Statement: [
      {
        Sid: `Use through ${service} by all principals of the account that may use it`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: uses.map((name) => `kms:${name}`),
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': `${service}.${region}.amazonaws.com`,
          },
        },
      },
      {
        Sid: 'Direct access to what is known about the key',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: looks.map((name) => `kms:${name}`),
        Resource: '*',
      },
    ],
  });
}

/** The policy that decides about a key, there or yet to be made; undefined for a key that nobody has. */
export function policyTextOf(call: Call, name: KeyName): string | undefined {
  const key = namedKey(call, name);
  if (key) return key.policy;
  const service = name.alias === undefined ? undefined : managedServiceOf(name.alias);
  return service === undefined ? undefined : managedPolicy(name, service);
}

/** The key that is named, made now when it is a service's that was never used. Throws NotFoundException. */
export async function existingKey(call: Call, name: KeyName): Promise<StoredKey> {
  const known = namedKey(call, name);
  if (known) return known;
  const service = name.alias === undefined ? undefined : managedServiceOf(name.alias);
  if (name.alias === undefined || service === undefined) throw faults.noSuchKey(keyArn(name, name.id));
  const { alias } = name;
  const { store, random } = call.plane;
  const { value } = await store.transact((tx) => {
    const other = findKey(tx, name, name.id, call.nowMs);
    if (other) return other;
    putAlias(tx, name, { name: alias, keyId: name.id, createdMs: call.nowMs, updatedMs: call.nowMs });
    return putKey(tx, {
      account: name.account,
      region: name.region,
      id: name.id,
      manager: 'AWS',
      createdMs: call.nowMs,
      description: `Default key that protects my ${service} data when no other key is defined`,
      enabled: true,
      policy: managedPolicy(name, service),
      tags: {},
      rotation: { periodDays: 365, sinceMs: call.nowMs },
      materials: [newMaterial(random, call.nowMs, 'creation')],
    });
  });
  return value;
}
