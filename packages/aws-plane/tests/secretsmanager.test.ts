// Secrets Manager through the SDK: secrets, versions and labels, deletion, policies, and the keys behind them.
import { CreateKeyCommand, DisableKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  type CreateSecretCommandInput,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  type GetRandomPasswordCommandInput,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  ListSecretVersionIdsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, guestKey, policyOf, refusalOf } from './plane.ts';
import { type SecretsPlane, startSecretsPlane } from './secrets-plane.ts';

let plane: SecretsPlane;
let secrets: SecretsManagerClient;
beforeAll(async () => {
  plane = await startSecretsPlane();
  secrets = plane.secrets();
});
afterAll(() => plane[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;
let count = 0;

async function newSecret(input: Partial<CreateSecretCommandInput> = {}): Promise<string> {
  count += 1;
  const made = await secrets.send(
    new CreateSecretCommand({ Name: `shop/secret-${count}`, SecretString: 'one', ...input }),
  );
  return made.ARN ?? '';
}

async function valueOf(SecretId: string, more: { VersionId?: string; VersionStage?: string } = {}) {
  return (await secrets.send(new GetSecretValueCommand({ SecretId, ...more }))).SecretString;
}

const put = (SecretId: string, SecretString: string, VersionStages?: string[]) =>
  secrets.send(new PutSecretValueCommand({ SecretId, SecretString, VersionStages }));

async function stagesOf(SecretId: string) {
  const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  return VersionIdsToStages ?? {};
}

describe('a secret', () => {
  test('is found by its name, its ARN, and its ARN without the last characters', async () => {
    const ARN = await newSecret({ Name: 'shop/orders', Description: 'of the shop' });
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:shop\/orders-[A-Za-z0-9]{6}$/);
    for (const id of ['shop/orders', ARN, ARN.slice(0, -7)]) expect(await valueOf(id)).toBe('one');
    expect(await secrets.send(new DescribeSecretCommand({ SecretId: 'shop/orders' }))).toMatchObject({
      ARN,
      Name: 'shop/orders',
      Description: 'of the shop',
      Tags: [],
    });
    for (const id of ['shop/order', `${ARN}x`, ARN.replace('us-east-1', 'eu-west-1'), '../kms'])
      expect(await refusalOf(valueOf(id))).toMatchObject({
        code: 'ResourceNotFoundException',
        status: 400,
        message: "Secrets Manager can't find the specified secret.",
      });
  });

  test('holds bytes as well, and none at first if that is wanted', async () => {
    const SecretBinary = Buffer.from([0, 255, 1]);
    const binary = await newSecret({ SecretString: undefined, SecretBinary });
    const shown = await secrets.send(new GetSecretValueCommand({ SecretId: binary }));
    expect(Buffer.from(shown.SecretBinary ?? [])).toEqual(SecretBinary);
    expect(shown.SecretString).toBeUndefined();
    const empty = await newSecret({ SecretString: undefined });
    expect(await refusalOf(valueOf(empty))).toMatchObject({
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
    expect((await put(empty, 'first', ['AWSPENDING'])).VersionStages).toEqual(['AWSPENDING', 'AWSCURRENT']);
  });

  test('any text comes back as it was, and none of it is in the store', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }), async (text) => {
        const SecretId = await newSecret({ SecretString: text });
        expect(await valueOf(SecretId)).toBe(text);
      }),
      { numRuns: 20 },
    );
    await newSecret({ SecretString: 'find-me-if-you-can' });
    const entries = plane.test.plane.store.list('aws/secretsmanager/');
    expect(entries.length).toBeGreaterThan(0);
    expect(JSON.stringify(entries)).not.toContain('find-me-if-you-can');
    const raw = Buffer.from('find-me-if-you-can').toString('base64');
    expect(JSON.stringify(entries)).not.toContain(raw);
  });

  test('is made once: the same request again is the same secret', async () => {
    const input = {
      Name: 'shop/once',
      SecretString: 'x',
      ClientRequestToken: '00000000-0000-4000-8000-000000000001',
    };
    const first = await secrets.send(new CreateSecretCommand(input));
    expect((await secrets.send(new CreateSecretCommand(input))).ARN).toBe(first.ARN);
    const other = { ...input, SecretString: 'y' };
    expect(await refusalOf(secrets.send(new CreateSecretCommand(other)))).toMatchObject({
      code: 'ResourceExistsException',
      message: "You can't modify an existing version, you can only create a new version.",
    });
    const later = { Name: 'shop/once', SecretString: 'x' };
    expect(await refusalOf(secrets.send(new CreateSecretCommand(later)))).toMatchObject({
      message: 'The operation failed because the secret shop/once already exists.',
    });
  });

  test.each<[Partial<CreateSecretCommandInput>, string]>([
    [{ Name: 'a b' }, 'ValidationException'],
    [{ Name: 'rds!db-1' }, 'InvalidParameterException'],
    [{ Name: 'x'.repeat(513) }, 'ValidationException'],
    [{ SecretBinary: Buffer.from('x') }, 'InvalidParameterException'],
    [{ SecretString: 'x'.repeat(65_537) }, 'ValidationException'],
    [{ KmsKeyId: 'alias/nobody' }, 'EncryptionFailure'],
    [{ Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidParameterException'],
    [{ AddReplicaRegions: [{ Region: 'eu-west-1' }] }, 'InvalidRequestException'],
    [{ ClientRequestToken: 'short' }, 'ValidationException'],
  ])('%j is refused', async (input, code) => {
    const refusal = await refusalOf(newSecret(input));
    expect(refusal).toMatchObject({ code });
    expect(refusal.message).not.toContain('xxxxxxxx'.repeat(100));
  });

  test('has tags', async () => {
    const SecretId = await newSecret({ Tags: [{ Key: 'team', Value: 'shop' }] });
    await secrets.send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'stage', Value: 'test' }] }));
    await secrets.send(new UntagResourceCommand({ SecretId, TagKeys: ['team'] }));
    const { Tags } = await secrets.send(new DescribeSecretCommand({ SecretId }));
    expect(Tags).toEqual([{ Key: 'stage', Value: 'test' }]);
  });
});

describe('versions', () => {
  test('move on: current, previous, deprecated', async () => {
    const SecretId = await newSecret();
    const second = (await put(SecretId, 'two')).VersionId ?? '';
    expect([await valueOf(SecretId), await valueOf(SecretId, { VersionStage: 'AWSPREVIOUS' })]).toEqual([
      'two',
      'one',
    ]);
    const third = (await put(SecretId, 'three')).VersionId ?? '';
    expect(await stagesOf(SecretId)).toEqual({ [third]: ['AWSCURRENT'], [second]: ['AWSPREVIOUS'] });
    const { Versions } = await secrets.send(
      new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }),
    );
    expect(Versions).toHaveLength(3);
    expect(Versions?.[0]).toMatchObject({ KmsKeyIds: ['DefaultEncryptionKey'] });
  });

  test('wait under a label of their own until they are moved', async () => {
    const SecretId = await newSecret();
    const pending = (await put(SecretId, 'next', ['AWSPENDING'])).VersionId ?? '';
    expect(await valueOf(SecretId)).toBe('one');
    const [current = ''] = Object.keys(await stagesOf(SecretId)).filter((id) => id !== pending);
    const move = (more: { MoveToVersionId?: string; RemoveFromVersionId?: string }) =>
      secrets.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', ...more }));
    expect(await refusalOf(move({ MoveToVersionId: pending }))).toMatchObject({
      code: 'InvalidParameterException',
      message: `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${current}, so you must explicitly reference that version in RemoveFromVersionId.`,
    });
    expect(await refusalOf(move({ RemoveFromVersionId: current }))).toMatchObject({
      code: 'InvalidParameterException',
    });
    await move({ MoveToVersionId: pending, RemoveFromVersionId: current });
    expect(await stagesOf(SecretId)).toEqual({
      [current]: ['AWSPREVIOUS'],
      [pending]: ['AWSPENDING', 'AWSCURRENT'],
    });
    expect(
      await refusalOf(valueOf(SecretId, { VersionId: current, VersionStage: 'AWSCURRENT' })),
    ).toMatchObject({
      code: 'InvalidRequestException',
      message: 'You provided a VersionStage that is not associated to the provided VersionId.',
    });
  });

  test('come from an update, too, which may take another key', async () => {
    const { KeyMetadata } = await plane.kms().send(new CreateKeyCommand({}));
    const KmsKeyId = KeyMetadata?.Arn ?? '';
    const SecretId = await newSecret();
    await secrets.send(new UpdateSecretCommand({ SecretId, SecretString: 'two', Description: 'd' }));
    await secrets.send(new UpdateSecretCommand({ SecretId, KmsKeyId }));
    expect(await secrets.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({
      KmsKeyId,
      Description: 'd',
    });
    expect(await valueOf(SecretId, { VersionStage: 'AWSPREVIOUS' })).toBe('one');
    await plane.kms().send(new DisableKeyCommand({ KeyId: KmsKeyId }));
    expect(await refusalOf(valueOf(SecretId))).toMatchObject({ code: 'DecryptionFailure' });
    expect(await refusalOf(put(SecretId, 'three'))).toMatchObject({ code: 'EncryptionFailure' });
  });
});

describe('deletion', () => {
  test('waits, and can be taken back', async () => {
    const SecretId = await newSecret({ Name: 'shop/going' });
    const gone = await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    expect(gone.DeletionDate?.getTime()).toBeCloseTo(plane.nowMs() + 7 * DAY_MS, -4);
    expect(await refusalOf(valueOf(SecretId))).toMatchObject({
      code: 'InvalidRequestException',
      message: "You can't perform this operation on the secret because it was marked for deletion.",
    });
    expect(await refusalOf(newSecret({ Name: 'shop/going' }))).toMatchObject({
      message:
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
    });
    const list = new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['shop/going'] }] });
    expect((await secrets.send(list)).SecretList).toEqual([]);
    await secrets.send(new RestoreSecretCommand({ SecretId }));
    expect(await valueOf(SecretId)).toBe('one');
    await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    plane.advance(7 * DAY_MS + 1000);
    expect(await refusalOf(secrets.send(new DescribeSecretCommand({ SecretId })))).toMatchObject({
      code: 'ResourceNotFoundException',
    });
    const again = await newSecret({ Name: 'shop/going', SecretString: 'new' });
    expect(again).not.toBe(SecretId);
    expect(await valueOf('shop/going')).toBe('new');
  });

  test('without recovery is at once, and may be tried again', async () => {
    const SecretId = await newSecret();
    const force = new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true });
    await secrets.send(force);
    expect(
      plane.test.plane.store.list('aws/secretsmanager/').some(({ value }) => value.includes(SecretId)),
    ).toBe(false);
    await secrets.send(force);
    expect(await refusalOf(secrets.send(new DeleteSecretCommand({ SecretId })))).toMatchObject({
      code: 'ResourceNotFoundException',
    });
    for (const input of [
      { RecoveryWindowInDays: 6 },
      { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true },
    ])
      expect(await refusalOf(secrets.send(new DeleteSecretCommand({ SecretId, ...input })))).toMatchObject({
        code: 'InvalidParameterException',
      });
  });
});

describe('policies', () => {
  const guestArn = `arn:aws:iam::${account}:user/guest`;
  const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const read = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' };

  test('of the secret let others read it, of the key too when it is the account’s own', async () => {
    const guest = plane.secrets(guestKey);
    const kms = plane.kms();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.Arn ?? '';
    const [usual, own] = [await newSecret(), await newSecret({ KmsKeyId: KeyId })];
    const get = (SecretId: string) => guest.send(new GetSecretValueCommand({ SecretId }));
    expect(await refusalOf(get(usual))).toMatchObject({
      code: 'AccessDeniedException',
      message: `User: ${guestArn} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${usual} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
    });
    const ResourcePolicy = document({ ...read, Principal: { AWS: guestArn } });
    for (const SecretId of [usual, own])
      await secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
    expect((await get(usual)).SecretString).toBe('one');
    expect(await refusalOf(get(own))).toMatchObject({
      code: 'AccessDeniedException',
      message: 'Access to KMS is not allowed',
    });
    const Condition = { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } };
    const root = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
    const via = { ...root, Principal: { AWS: guestArn }, Action: 'kms:Decrypt', Condition };
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: document(root, via) }));
    expect((await get(own)).SecretString).toBe('one');
    const shown = await secrets.send(new GetResourcePolicyCommand({ SecretId: usual }));
    expect(shown.ResourcePolicy).toBe(ResourcePolicy);
    await secrets.send(new DeleteResourcePolicyCommand({ SecretId: usual }));
    expect(await refusalOf(get(usual))).toMatchObject({ code: 'AccessDeniedException' });
  });

  test('are asked about the ARN that a new secret will have', async () => {
    const Resource = `arn:aws:secretsmanager:us-east-1:${account}:secret:guest/x-??????`;
    const create = { Effect: 'Allow', Action: 'secretsmanager:CreateSecret', Resource };
    plane.test.directory.userPolicies.set('guest', [policyOf('own', [create])]);
    const guest = plane.secrets(guestKey);
    await guest.send(new CreateSecretCommand({ Name: 'guest/x', SecretString: 'x' }));
    expect(await refusalOf(guest.send(new CreateSecretCommand({ Name: 'guest/y' })))).toMatchObject({
      code: 'AccessDeniedException',
    });
    plane.test.directory.userPolicies.delete('guest');
  });

  test('that are malformed, or public where they must not be, are refused', async () => {
    const SecretId = await newSecret();
    const putPolicy = (ResourcePolicy: string, BlockPublicPolicy = false) =>
      secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy, BlockPublicPolicy }));
    for (const broken of [
      '{',
      document({ ...read, Principal: { AWS: `arn:aws:iam::${account}:role/none` } }),
    ])
      expect(await refusalOf(putPolicy(broken))).toMatchObject({ code: 'MalformedPolicyDocumentException' });
    const open = document({ ...read, Principal: '*' });
    expect(await refusalOf(putPolicy(open, true))).toMatchObject({ code: 'PublicPolicyException' });
    await putPolicy(open);
  });
});

test('lists are filtered, sorted and in pages', async () => {
  for (const name of ['b', 'a', 'c'])
    await newSecret({ Name: `listed/${name}`, Tags: [{ Key: 'list', Value: name }] });
  const names = async (input: ListSecretsCommandInput) => {
    const { SecretList, NextToken } = await secrets.send(new ListSecretsCommand(input));
    return { names: SecretList?.map(({ Name }) => Name), NextToken };
  };
  const Filters = [{ Key: 'name' as const, Values: ['listed/'] }];
  const first = await names({ Filters, SortBy: 'name', SortOrder: 'asc', MaxResults: 2 });
  expect(first.names).toEqual(['listed/a', 'listed/b']);
  const { NextToken } = first;
  const rest = await names({ Filters, SortBy: 'name', SortOrder: 'asc', MaxResults: 2, NextToken });
  expect(rest).toEqual({ names: ['listed/c'], NextToken: undefined });
  const notB = [...Filters, { Key: 'tag-value' as const, Values: ['!b'] }];
  expect((await names({ Filters: notB })).names).toHaveLength(2);
  const batch = await secrets.send(
    new BatchGetSecretValueCommand({ SecretIdList: ['listed/a', 'listed/none'] }),
  );
  expect(batch.SecretValues).toMatchObject([{ Name: 'listed/a', SecretString: 'one' }]);
  expect(batch.Errors).toMatchObject([{ SecretId: 'listed/none', ErrorCode: 'ResourceNotFoundException' }]);
});

test('random passwords have what is asked for', async () => {
  const draw = async (input: GetRandomPasswordCommandInput) =>
    (await secrets.send(new GetRandomPasswordCommand(input))).RandomPassword ?? '';
  expect(await draw({})).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^a-zA-Z0-9]).{32}$/);
  expect(await draw({ PasswordLength: 200, ExcludePunctuation: true, ExcludeCharacters: 'abc0' })).toMatch(
    /^[d-zA-Z1-9]{200}$/,
  );
  const digits = { ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true };
  expect(await draw({ ...digits, PasswordLength: 4 })).toMatch(/^\d{4}$/);
  expect(await refusalOf(draw({ PasswordLength: 3 }))).toMatchObject({ code: 'InvalidParameterException' });
  expect(await refusalOf(draw({ ...digits, ExcludeNumbers: true }))).toMatchObject({
    code: 'InvalidParameterException',
  });
});

test('a service has secrets of its own, which others read and do not change', async () => {
  const { callInside } = plane.test.plane.ports;
  const as = {
    kind: 'user',
    account,
    arn: `arn:aws:iam::${account}:user/admin`,
    userId: 'AIDAadmin',
    userName: 'admin',
  };
  const made = await callInside({
    as: as as Parameters<typeof callInside>[0]['as'],
    account,
    region: 'us-east-1',
    service: 'secretsmanager',
    operation: 'CreateSecret',
    input: {
      Name: 'rds!db-1',
      SecretString: '{}',
      Tags: [{ Key: 'aws:secretsmanager:owningService', Value: 'rds' }],
    },
  });
  const SecretId = (made as { ARN: string }).ARN;
  expect(await secrets.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({ OwningService: 'rds' });
  expect(await valueOf(SecretId)).toBe('{}');
  expect(await refusalOf(put(SecretId, 'x'))).toMatchObject({ code: 'InvalidRequestException' });
  expect(await refusalOf(secrets.send(new DeleteSecretCommand({ SecretId })))).toMatchObject({
    code: 'InvalidRequestException',
  });
});

test('rotation is refused as what it is', async () => {
  const SecretId = await newSecret();
  expect(await refusalOf(secrets.send(new RotateSecretCommand({ SecretId })))).toMatchObject({
    code: 'InvalidRequestException',
    message: 'Rotation of secrets is not implemented by this endpoint.',
  });
});
