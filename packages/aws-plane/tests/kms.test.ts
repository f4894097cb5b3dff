// KMS through the SDK: keys and their lives, aliases, policies, and what is encrypted.
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  type GenerateDataKeyCommandInput,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, guestKey, otherAccount, policyOf, refusalOf, strangerKey } from './plane.ts';
import { type SecretsPlane, startSecretsPlane } from './secrets-plane.ts';

let plane: SecretsPlane;
let kms: KMSClient;
beforeAll(async () => {
  plane = await startSecretsPlane();
  kms = plane.kms();
});
afterAll(() => plane[Symbol.asyncDispose]());

const DAY_MS = 86_400_000;
const arnOf = (id: string) => `arn:aws:kms:us-east-1:${account}:key/${id}`;

async function newKey(input: CreateKeyCommandInput = {}): Promise<string> {
  return (await kms.send(new CreateKeyCommand(input))).KeyMetadata?.KeyId ?? '';
}

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

describe('a key', () => {
  test('is made, described, changed, tagged and listed', async () => {
    const KeyId = await newKey({ Description: 'orders', Tags: [{ TagKey: 'team', TagValue: 'shop' }] });
    await kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'carts' }));
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: arnOf(KeyId) }));
    expect(KeyMetadata).toMatchObject({
      AWSAccountId: account,
      Arn: arnOf(KeyId),
      Description: 'carts',
      Enabled: true,
      KeyState: 'Enabled',
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      Origin: 'AWS_KMS',
      MultiRegion: false,
    });
    await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'stage', TagValue: '' }] }));
    await kms.send(new UntagResourceCommand({ KeyId, TagKeys: ['team'] }));
    expect((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual([
      { TagKey: 'stage', TagValue: '' },
    ]);
    await newKey();
    const first = await kms.send(new ListKeysCommand({ Limit: 1 }));
    const rest = await kms.send(new ListKeysCommand({ Marker: first.NextMarker }));
    expect(rest.Keys?.map((key) => key.KeyId)).not.toContain(first.Keys?.[0]?.KeyId);
  });

  test('is disabled, scheduled for deletion, restored, and gone in the end', async () => {
    const KeyId = await newKey();
    const Plaintext = Buffer.from('x');
    await kms.send(new DisableKeyCommand({ KeyId }));
    expect(await refusalOf(kms.send(new EncryptCommand({ KeyId, Plaintext })))).toMatchObject({
      code: 'DisabledException',
      message: `${arnOf(KeyId)} is disabled.`,
    });
    await kms.send(new EnableKeyCommand({ KeyId }));
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
    const scheduled = await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(scheduled).toMatchObject({ KeyId: arnOf(KeyId), KeyState: 'PendingDeletion' });
    expect(scheduled.DeletionDate?.getTime()).toBeCloseTo(plane.nowMs() + 7 * DAY_MS, -4);
    for (const refused of [
      new DecryptCommand({ CiphertextBlob }),
      new EnableKeyCommand({ KeyId }),
      new ScheduleKeyDeletionCommand({ KeyId }),
    ])
      expect(await refusalOf(kms.send(refused as DecryptCommand))).toMatchObject({
        code: 'KMSInvalidStateException',
        status: 400,
        message: `${arnOf(KeyId)} is pending deletion.`,
      });
    await kms.send(new CancelKeyDeletionCommand({ KeyId }));
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled' });
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    plane.advance(7 * DAY_MS + 1);
    expect(await refusalOf(kms.send(new DescribeKeyCommand({ KeyId })))).toMatchObject({
      code: 'NotFoundException',
      status: 400,
      message: `Key '${arnOf(KeyId)}' does not exist`,
    });
  });

  test.each<[CreateKeyCommandInput, string]>([
    [{ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, 'UnsupportedOperationException'],
    [{ Origin: 'EXTERNAL' }, 'UnsupportedOperationException'],
    [{ MultiRegion: true }, 'UnsupportedOperationException'],
    [{ KeyUsage: 'SIGN_VERIFY' }, 'ValidationException'],
    [{ Policy: '{' }, 'MalformedPolicyDocumentException'],
    [{ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }, 'TagException'],
    [{ Description: 'x'.repeat(8193) }, 'ValidationException'],
  ])('%j makes none', async (input, code) => {
    expect(await refusalOf(kms.send(new CreateKeyCommand(input)))).toMatchObject({ code });
  });

  test.each([
    ['00000000-0000-4000-8000-000000000000', 'does not exist'],
    ['alias/nobody', `Alias arn:aws:kms:us-east-1:${account}:alias/nobody is not found.`],
    ['arn:aws:kms:eu-west-1:123456789012:key/1', 'Invalid arn eu-west-1'],
    ['arn:aws:s3:::bucket', "Invalid keyId 'arn:aws:s3:::bucket'"],
    ['../../iam', "Invalid keyId '../../iam'"],
  ])('named %s is not found', async (KeyId, message) => {
    const refusal = await refusalOf(kms.send(new DescribeKeyCommand({ KeyId })));
    expect(refusal).toMatchObject({ code: 'NotFoundException', status: 400 });
    expect(refusal.message).toContain(message);
  });
});

describe('what is encrypted', () => {
  test('comes back with the same context only, and only whole', async () => {
    const KeyId = await newKey();
    const EncryptionContext = { order: '1', cart: '2' };
    const Plaintext = Buffer.from('a secret');
    const sealed = await kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
    const CiphertextBlob = sealed.CiphertextBlob ?? new Uint8Array();
    expect(text(CiphertextBlob)).not.toContain('secret');
    const turned = { cart: '2', order: '1' };
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: turned }));
    expect(opened).toMatchObject({ KeyId: arnOf(KeyId), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    expect(text(opened.Plaintext)).toBe('a secret');
    for (const context of [undefined, { order: '1' }, { ...turned, more: '' }, { order: '2', cart: '1' }])
      expect(
        await refusalOf(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }))),
      ).toMatchObject({ code: 'InvalidCiphertextException' });
    const other = await newKey();
    expect(
      await refusalOf(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: other }))),
    ).toMatchObject({ code: 'IncorrectKeyException' });
    expect(await refusalOf(kms.send(new EncryptCommand({ KeyId, Plaintext, DryRun: true })))).toMatchObject({
      code: 'DryRunOperationException',
      status: 412,
    });
  });

  test('is refused when any byte of it was changed, wherever', async () => {
    const KeyId = await newKey();
    const { CiphertextBlob = new Uint8Array() } = await kms.send(
      new EncryptCommand({ KeyId, Plaintext: Buffer.from('secret') }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(CiphertextBlob.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const broken = Buffer.from(CiphertextBlob);
          broken.writeUInt8(broken.readUInt8(at) ^ flip, at);
          const { status, code } = await refusalOf(kms.send(new DecryptCommand({ CiphertextBlob: broken })));
          expect([status, /InvalidCiphertext|AccessDenied/.test(code)]).toEqual([400, true]);
        },
      ),
      { numRuns: 60 },
    );
    for (const CiphertextBlob of ['x', 'x'.repeat(6144)].map((junk) => Buffer.from(junk)))
      expect(await refusalOf(kms.send(new DecryptCommand({ CiphertextBlob })))).toMatchObject({
        code: 'InvalidCiphertextException',
      });
  });

  test('moves to another key without being seen', async () => {
    const [from, to] = [await newKey(), await newKey()];
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId: from, Plaintext: Buffer.from('moved') }),
    );
    const moved = await kms.send(
      new ReEncryptCommand({
        CiphertextBlob,
        DestinationKeyId: to,
        DestinationEncryptionContext: { a: 'b' },
      }),
    );
    expect(moved).toMatchObject({ SourceKeyId: arnOf(from), KeyId: arnOf(to) });
    const opened = await kms.send(
      new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { a: 'b' } }),
    );
    expect(text(opened.Plaintext)).toBe('moved');
  });

  test('survives rotation, by hand and by time', async () => {
    const KeyId = await newKey();
    const sealed = async () =>
      (await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('kept') }))).CiphertextBlob;
    const blobs = [await sealed()];
    await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
    blobs.push(await sealed());
    await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
    plane.advance(91 * DAY_MS);
    blobs.push(await sealed());
    const { Rotations } = await kms.send(new ListKeyRotationsCommand({ KeyId }));
    expect(Rotations?.map(({ RotationType }) => RotationType)).toEqual(['ON_DEMAND', 'AUTOMATIC']);
    const opened = await Promise.all(
      blobs.map((CiphertextBlob) => kms.send(new DecryptCommand({ CiphertextBlob }))),
    );
    expect(opened.map(({ Plaintext }) => text(Plaintext))).toEqual(['kept', 'kept', 'kept']);
    expect(new Set(opened.map(({ KeyMaterialId }) => KeyMaterialId)).size).toBe(3);
  });

  test('data keys and random bytes have the size that is asked for', async () => {
    const KeyId = await newKey();
    for (const [size, bytes] of [
      [{ KeySpec: 'AES_256' }, 32],
      [{ KeySpec: 'AES_128' }, 16],
      [{ NumberOfBytes: 100 }, 100],
    ] as const) {
      const made = await kms.send(new GenerateDataKeyCommand({ KeyId, ...size }));
      expect(made.Plaintext).toHaveLength(bytes);
      const { CiphertextBlob } = made;
      const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));
      expect(Buffer.from(Plaintext ?? [])).toEqual(Buffer.from(made.Plaintext ?? []));
    }
    const hidden = await kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' }));
    expect(hidden).not.toHaveProperty('Plaintext');
    const sizes: Partial<GenerateDataKeyCommandInput>[] = [{}, { KeySpec: 'AES_256', NumberOfBytes: 32 }];
    for (const size of sizes)
      expect(await refusalOf(kms.send(new GenerateDataKeyCommand({ KeyId, ...size })))).toMatchObject({
        code: 'ValidationException',
        message: 'Please specify either number of bytes or key spec.',
      });
    const { Plaintext } = await kms.send(new GenerateRandomCommand({ NumberOfBytes: 12 }));
    expect(Plaintext).toHaveLength(12);
    const large = Buffer.alloc(4097);
    expect(await refusalOf(kms.send(new EncryptCommand({ KeyId, Plaintext: large })))).toMatchObject({
      code: 'ValidationException',
    });
  });
});

test('aliases lead to keys, and from one to another', async () => {
  const [KeyId, other] = [await newKey(), await newKey()];
  const AliasName = 'alias/shop/orders';
  await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
  expect(await refusalOf(kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: other })))).toMatchObject({
    code: 'AlreadyExistsException',
    message: `An alias with the name arn:aws:kms:us-east-1:${account}:${AliasName} already exists`,
  });
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId: AliasName, Plaintext: Buffer.from('x') }),
  );
  await kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: arnOf(other) }));
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: AliasName }));
  expect(KeyMetadata?.KeyId).toBe(other);
  expect(text((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext)).toBe('x');
  const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: other }));
  expect(Aliases).toMatchObject([{ AliasName, TargetKeyId: other }]);
  await kms.send(new DeleteAliasCommand({ AliasName }));
  for (const [name, code] of [
    ['orders', 'ValidationException'],
    ['alias/aws/orders', 'NotAuthorizedException'],
    ['alias/a b', 'ValidationException'],
  ] as const)
    expect(
      await refusalOf(kms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: KeyId }))),
    ).toMatchObject({ code });
});

test('services have keys of their own, made when they are first named', async () => {
  const aliases = async () => {
    const { Aliases } = await kms.send(new ListAliasesCommand({}));
    return Aliases?.find(({ AliasName }) => AliasName === 'alias/aws/rds');
  };
  expect(await aliases()).not.toHaveProperty('TargetKeyId');
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/rds' }));
  expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', Enabled: true });
  expect(await aliases()).toMatchObject({ TargetKeyId: KeyMetadata?.KeyId });
  const KeyId = KeyMetadata?.KeyId ?? '';
  // Nobody uses or changes it but through the service, whatever IAM grants.
  for (const refused of [
    new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }),
    new ScheduleKeyDeletionCommand({ KeyId }),
    new PutKeyPolicyCommand({ KeyId, Policy: '{}' }),
  ])
    expect(await refusalOf(kms.send(refused as EncryptCommand))).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('because no resource-based policy allows the kms:') as string,
    });
});

describe('key policies', () => {
  const statement = (Principal: object, Action: string | string[], more: object = {}) => ({
    Effect: 'Allow',
    Principal,
    Action,
    Resource: '*',
    ...more,
  });
  const root = { AWS: `arn:aws:iam::${account}:root` };
  const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

  test('by default leave it to IAM; without that, IAM counts for nothing', async () => {
    const KeyId = await newKey();
    const guest = plane.kms(guestKey);
    const Plaintext = Buffer.from('x');
    const { userPolicies } = plane.test.directory;
    const encryptAsGuest = () => guest.send(new EncryptCommand({ KeyId, Plaintext }));
    expect(await refusalOf(encryptAsGuest())).toMatchObject({
      code: 'AccessDeniedException',
      message: `User: arn:aws:iam::${account}:user/guest is not authorized to perform: kms:Encrypt on resource: ${arnOf(KeyId)} because no identity-based policy allows the kms:Encrypt action`,
    });
    userPolicies.set('guest', [policyOf('own', [{ Effect: 'Allow', Action: 'kms:Encrypt', Resource: '*' }])]);
    await encryptAsGuest();
    const Policy = document(statement({ AWS: `arn:aws:iam::${account}:user/admin` }, 'kms:*'));
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    expect(await refusalOf(encryptAsGuest())).toMatchObject({
      message: expect.stringContaining('because no resource-based policy allows') as string,
    });
    expect((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toBe(Policy);
    userPolicies.delete('guest');
  });

  test('see the encryption context', async () => {
    const guest = { AWS: `arn:aws:iam::${account}:user/guest` };
    const Condition = { StringEquals: { 'kms:EncryptionContext:order': '1' } };
    const Policy = document(statement(root, 'kms:*'), statement(guest, 'kms:Encrypt', { Condition }));
    const KeyId = await newKey({ Policy });
    const encrypt = (order: string) =>
      plane
        .kms(guestKey)
        .send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionContext: { order } }));
    await encrypt('1');
    expect(await refusalOf(encrypt('2'))).toMatchObject({ code: 'AccessDeniedException' });
  });

  test('let another account in, by the ARN of the key', async () => {
    const Policy = document(statement(root, 'kms:*'), statement({ AWS: otherAccount }, 'kms:Encrypt'));
    const KeyId = await newKey({ Policy });
    const stranger = plane.kms(strangerKey);
    const Plaintext = Buffer.from('x');
    await stranger.send(new EncryptCommand({ KeyId: arnOf(KeyId), Plaintext }));
    const closed = await newKey();
    expect(
      await refusalOf(stranger.send(new EncryptCommand({ KeyId: arnOf(closed), Plaintext }))),
    ).toMatchObject({ code: 'AccessDeniedException' });
    expect(await refusalOf(stranger.send(new EncryptCommand({ KeyId, Plaintext })))).toMatchObject({
      code: 'NotFoundException',
    });
  });

  test('that would lock their writer out, or name nobody, are refused', async () => {
    const KeyId = await newKey();
    const guest = { AWS: `arn:aws:iam::${account}:user/guest` };
    const nobody = { AWS: `arn:aws:iam::${account}:role/nobody` };
    const put = (Policy: string, BypassPolicyLockoutSafetyCheck = false) =>
      kms.send(new PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck }));
    expect(await refusalOf(put(document(statement(guest, 'kms:*'))))).toMatchObject({
      code: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    expect(await refusalOf(put(document(statement(nobody, 'kms:*'))))).toMatchObject({
      message: 'Policy contains a statement with one or more invalid principals.',
    });
    await put(document(statement(guest, 'kms:*')), true);
    expect(await refusalOf(kms.send(new DescribeKeyCommand({ KeyId })))).toMatchObject({
      code: 'AccessDeniedException',
    });
  });
});

test('grants cannot be made, and there are none', async () => {
  const KeyId = await newKey();
  expect((await kms.send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([]);
  const grant = {
    KeyId,
    GranteePrincipal: `arn:aws:iam::${account}:role/x`,
    Operations: ['Decrypt' as const],
  };
  expect(await refusalOf(kms.send(new CreateGrantCommand(grant)))).toMatchObject({
    code: 'NotImplementedException',
    status: 501,
  });
});
