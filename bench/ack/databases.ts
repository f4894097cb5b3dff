// A database from a custom resource: from its creation to the first answer of SQL, and from a changed Secret to the password
// in force.
import { setTimeout as sleep } from 'node:timers/promises';
import { type KubeResource, resourceTypes } from '@pergola/kube-client';
import { Client } from 'pg';
import type { Figure } from '../measure.ts';
import type { SandboxProcess } from '../sandbox-process.ts';
import { awsCaller } from '../wire.ts';
import { median } from './median.ts';
import { type Field, namespace, whenSynced } from './resources.ts';

const ROUNDS = 3;
const user = 'bench';

interface Made {
  readonly answeredMs: number;
  /** From AWS's `available` to the resource in sync. */
  readonly lagMs: number;
  readonly object: KubeResource;
}

export async function measureDatabases(sandbox: SandboxProcess, field: Field): Promise<readonly Figure[]> {
  await setPassword(field, 'password-0');
  const cold = await make(sandbox, field, 'cold');
  const warm: Made[] = [];
  for (let round = 0; round < ROUNDS; round++) warm.push(await make(sandbox, field, `warm-${round}`));
  const changesMs: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const startedMs = performance.now();
    await setPassword(field, `password-${round}`);
    while (!(await answers(cold.object, `password-${round}`))) await sleep(2);
    changesMs.push(performance.now() - startedMs);
  }
  const ms = (value: number) => `${Math.round(value)} ms`;
  return [
    { name: 'ACK: DBInstance to SQL, cold', value: ms(cold.answeredMs), note: 'the first of its version' },
    {
      name: 'ACK: DBInstance to SQL',
      value: ms(median(warm.map(({ answeredMs }) => answeredMs))),
      note: `median of ${ROUNDS}; Synced ${ms(median(warm.map(({ lagMs }) => lagMs)))} after AWS's available`,
    },
    {
      name: 'ACK: Secret to password in force',
      value: ms(median(changesMs)),
      note: `median of ${ROUNDS}; with ${ROUNDS + 1} databases that share it`,
    },
  ];
}

async function make(sandbox: SandboxProcess, field: Field, id: string): Promise<Made> {
  const startedMs = performance.now();
  const created = await field.create('DBInstance', id, {
    dbInstanceIdentifier: id,
    dbInstanceClass: 'db.t3.micro',
    engine: 'postgres',
    engineVersion: '14',
    allocatedStorage: 20,
    masterUsername: user,
    masterUserPassword: { name: 'bench-credentials', key: 'password' },
  });
  const [object, availableMs] = await Promise.all([
    whenSynced(field, 'DBInstance', created),
    whenAvailable(sandbox, id),
  ]);
  const lagMs = performance.now() - availableMs;
  while (!(await answers(object, 'password-0'))) await sleep(2);
  return { answeredMs: performance.now() - startedMs, lagMs, object };
}

/** When AWS said so, by `performance.now()`. */
async function whenAvailable(sandbox: SandboxProcess, id: string): Promise<number> {
  const call = awsCaller(sandbox, 'rds');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  for (;;) {
    const { body } = await call('POST', '/', 'Action=DescribeDBInstances&Version=2014-10-31', headers);
    const found = new RegExp(
      `<DBInstanceIdentifier>${id}</DBInstanceIdentifier>.*?<DBInstanceStatus>(\\w+)`,
      's',
    );
    if (found.exec(body)?.[1] === 'available') return performance.now();
    await sleep(10);
  }
}

async function setPassword({ client }: Field, password: string): Promise<void> {
  const ref = { name: 'bench-credentials', namespace };
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: ref,
    stringData: { password },
  };
  const { secrets } = resourceTypes;
  await client.patch(secrets, ref, { kind: 'apply', fieldManager: 'bench', force: true, body });
}

async function answers(object: KubeResource, password: string): Promise<boolean> {
  const { address, port } = object['status'].endpoint as { address: string; port: number };
  const client = new Client({ host: address, port, user, password, database: 'postgres' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
