import {
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kms } from '../src/services/kms/service.ts';
import { secretsManager } from '../src/services/secretsmanager/service.ts';
import { type FakeEngines, fakeEngines } from './fake-engines.ts';
import { account, adminKey, guestKey, policyOf, refusalOf, secretAccessKey } from './plane.ts';
import { postgres, type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';

let engines: FakeEngines;
let plane: RdsPlane;
let client: RDSClient;
let secrets: SecretsManagerClient;
let keys: KMSClient;
beforeEach(async () => {
  engines = fakeEngines();
  plane = await startRdsPlane({ engines, services: [secretsManager, kms] });
  client = plane.client();
  const credentials = { accessKeyId: adminKey, secretAccessKey };
  const config = { region: 'us-east-1', endpoint: plane.test.url, credentials, maxAttempts: 1 };
  secrets = new SecretsManagerClient(config);
  keys = new KMSClient(config);
});
afterEach(async () => {
  secrets.destroy();
  keys.destroy();
  await plane[Symbol.asyncDispose]();
});

const { MasterUserPassword: _, ...unmanaged } = postgres;
const DBInstanceIdentifier = postgres.DBInstanceIdentifier;
const createManaged = (by = client, changes: object = {}) =>
  by.send(new CreateDBInstanceCommand({ ...unmanaged, ManageMasterUserPassword: true, ...changes }));

async function secretOf(SecretId: string | undefined): Promise<unknown> {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return JSON.parse(SecretString) as unknown;
}

describe('a managed master password', () => {
  it('is in a secret of RDS that only RDS changes, and is that of the server', async () => {
    await createManaged();
    const { MasterUserSecret: secret } = await waitFor(client, 'orders', 'available');
    expect(secret).toMatchObject({
      SecretArn: expect.stringContaining(`arn:aws:secretsmanager:us-east-1:${account}:secret:rds!db-`),
      SecretStatus: 'active',
    });
    const [database] = engines.databases.values();
    expect(await secretOf(secret?.SecretArn)).toEqual({
      username: 'myusername',
      password: database?.password,
    });
    const refusal = await refusalOf(secrets.send(new DeleteSecretCommand({ SecretId: secret?.SecretArn })));
    expect(refusal.status).toBe(400);
  });

  it('is rotated, given up, and ends with the instance', async () => {
    await createManaged();
    const first = await waitFor(client, 'orders', 'available');
    const SecretId = first.MasterUserSecret?.SecretArn;
    const before = await secretOf(SecretId);
    const modify = (changes: object) =>
      client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, ApplyImmediately: true, ...changes }));
    await modify({ RotateMasterUserPassword: true });
    await waitFor(client, 'orders', 'available');
    const [database] = engines.databases.values();
    const after = await secretOf(SecretId);
    expect(after).not.toEqual(before);
    expect(after).toEqual({ username: 'myusername', password: database?.password });
    expect((await refusalOf(modify({ MasterUserPassword: 'correct-horse' }))).code).toBe(
      'InvalidParameterCombination',
    );
    await modify({ ManageMasterUserPassword: false, MasterUserPassword: 'correct-horse' });
    await waitFor(client, 'orders', 'available');
    expect(database?.password).toBe('correct-horse');
    expect((await refusalOf(secretOf(SecretId))).code).toBe('ResourceNotFoundException');
    await modify({ ManageMasterUserPassword: true });
    const managed = await waitFor(client, 'orders', 'available');
    await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    const gone = async () =>
      await refusalOf(secretOf(managed.MasterUserSecret?.SecretArn)).then(
        ({ code }) => code,
        () => 'still there',
      );
    await expect.poll(gone).toBe('ResourceNotFoundException');
  });

  it('is rotated by one call at a time, and is that of the server whoever was first', async () => {
    await createManaged();
    const { MasterUserSecret } = await waitFor(client, 'orders', 'available');
    const rotation = { DBInstanceIdentifier, ApplyImmediately: true, RotateMasterUserPassword: true };
    const rotate = () => client.send(new ModifyDBInstanceCommand(rotation));
    const answers = await Promise.allSettled([rotate(), rotate(), rotate()]);
    const refused = answers.filter(({ status }) => status === 'rejected');
    await waitFor(client, 'orders', 'available');
    const [database] = engines.databases.values();
    expect(refused.length).toBeLessThan(3);
    expect(await secretOf(MasterUserSecret?.SecretArn)).toMatchObject({ password: database?.password });
  });

  it('leaves no secret behind when its instance cannot be made', async () => {
    const answers = await Promise.allSettled([createManaged(), createManaged(), createManaged()]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { SecretList } = await secrets.send(new ListSecretsCommand({}));
    expect(SecretList).toHaveLength(1);
  });

  it('needs the right to make secrets', async () => {
    plane.test.directory.userPolicies.set('guest', [
      policyOf('rds', [{ Effect: 'Allow', Action: 'rds:*', Resource: '*' }]),
    ]);
    const guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
    expect((await refusalOf(createManaged(guest))).message).toContain('secretsmanager:CreateSecret');
    expect(engines.databases.size).toBe(0);
  });
});

describe('encrypted storage', () => {
  it('shows the key, which must be there and enabled', async () => {
    const { KeyMetadata } = await keys.send(new CreateKeyCommand({}));
    const create = (DBInstanceIdentifier: string, KmsKeyId?: string) =>
      client.send(
        new CreateDBInstanceCommand({ ...postgres, DBInstanceIdentifier, StorageEncrypted: true, KmsKeyId }),
      );
    const { DBInstance } = await create('one', KeyMetadata?.KeyId);
    expect(DBInstance).toMatchObject({ StorageEncrypted: true, KmsKeyId: KeyMetadata?.Arn });
    const { DBInstance: standard } = await create('two');
    expect(standard?.KmsKeyId).toMatch(/^arn:aws:kms:us-east-1:\d{12}:key\//);
    await keys.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    expect((await refusalOf(create('three', KeyMetadata?.KeyId))).code).toBe('KMSKeyNotAccessibleFault');
    expect((await refusalOf(create('four', 'alias/nobody'))).code).toBe('KMSKeyNotAccessibleFault');
  });
});
