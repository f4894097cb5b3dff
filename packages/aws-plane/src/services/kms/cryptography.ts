// Encrypt, Decrypt, ReEncrypt, GenerateDataKey*, GenerateRandom: AES-256-GCM with the material of the key.
import type {
  DecryptRequest,
  DecryptResponse,
  EncryptRequest,
  EncryptResponse,
  GenerateDataKeyRequest,
  GenerateDataKeyResponse,
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse,
  GenerateRandomRequest,
  GenerateRandomResponse,
  ReEncryptRequest,
  ReEncryptResponse,
} from '@aws-sdk/client-kms';
import type { Call } from '../../call.ts';
import { defineOperation, iam } from '../../operation.ts';
import { checkOnKey, encryptionContextKeys, onKey } from './access.ts';
import { assertUsable } from './change-key.ts';
import { faults } from './faults.ts';
import { keyArn, type KeyName, namedKey, parseKeyName } from './key-names.ts';
import { existingKey } from './managed-keys.ts';
import { type EncryptionContext, seal, sealedBy, unseal } from './material.ts';
import { renewed } from './rotation.ts';
import type { StoredKey } from './state.ts';

const SYMMETRIC = 'SYMMETRIC_DEFAULT';

interface Common {
  readonly GrantTokens?: readonly string[] | undefined;
  readonly DryRun?: boolean | undefined;
  readonly Recipient?: object | undefined;
}

/** Refuses what no key here can do; DryRun is answered last, when everything else would have succeeded. */
function assertServed({ GrantTokens = [], Recipient }: Common, ...algorithms: (string | undefined)[]): void {
  if (GrantTokens.length > 0) throw faults.invalidGrantToken();
  if (Recipient) throw faults.notImplemented('An attested recipient');
  const other = algorithms.find((algorithm) => algorithm !== undefined && algorithm !== SYMMETRIC);
  if (other !== undefined)
    throw faults.validation(`Algorithm ${other} and key spec SYMMETRIC_DEFAULT are incompatible.`);
}

function endDryRun({ DryRun }: Common): void {
  if (DryRun === true) throw faults.dryRun();
}

/** The key that shall encrypt, able to do so. */
async function sealingKey(call: Call, text: string): Promise<StoredKey> {
  return renewed(call, assertUsable(await existingKey(call, parseKeyName(call, text))));
}

function sealed(call: Call, key: StoredKey, plaintext: Uint8Array, context: EncryptionContext | undefined) {
  return seal(key, plaintext, { random: call.plane.random, context });
}

export const encrypt = defineOperation<EncryptRequest, EncryptResponse>({
  name: 'Encrypt',
  access: onKey('Encrypt', (input) => encryptionContextKeys(input.EncryptionContext)),
  async handle(call, input) {
    assertServed(input, input.EncryptionAlgorithm);
    const key = await sealingKey(call, input.KeyId ?? '');
    endDryRun(input);
    return {
      CiphertextBlob: sealed(call, key, input.Plaintext ?? new Uint8Array(), input.EncryptionContext),
      KeyId: keyArn(key, key.id),
      EncryptionAlgorithm: SYMMETRIC,
    };
  },
});

interface Ciphertext {
  readonly blob: Uint8Array | undefined;
  /** The key that the client expects, in any of the forms. */
  readonly expected: string | undefined;
}

/** The key of a ciphertext. It must be the expected one, when there is an expectation. */
function openingName(call: Call, { blob, expected }: Ciphertext): KeyName {
  const { account, id } = sealedBy(blob ?? new Uint8Array());
  const name = { account, region: call.region, id };
  if (expected === undefined) return name;
  const wanted = parseKeyName(call, expected);
  if (wanted.id !== id || wanted.account !== account) throw faults.incorrectKey();
  return { ...name, alias: wanted.alias };
}

async function opened(call: Call, ciphertext: Ciphertext, context: EncryptionContext | undefined) {
  const found = namedKey(call, openingName(call, ciphertext));
  if (!found) throw faults.unreachableKey();
  const key = assertUsable(found);
  return { key, ...unseal(key, ciphertext.blob ?? new Uint8Array(), context) };
}

export const decrypt = defineOperation<DecryptRequest, DecryptResponse>({
  name: 'Decrypt',
  access: {
    iam(input, call) {
      const name = openingName(call, { blob: input.CiphertextBlob, expected: input.KeyId });
      return [checkOnKey(call, 'kms:Decrypt', name, encryptionContextKeys(input.EncryptionContext))];
    },
  },
  async handle(call, input) {
    assertServed(input, input.EncryptionAlgorithm);
    if (input.DryRunModifiers?.length) throw faults.notImplemented('DryRunModifiers');
    const ciphertext = { blob: input.CiphertextBlob, expected: input.KeyId };
    const { key, plaintext, material } = await opened(call, ciphertext, input.EncryptionContext);
    endDryRun(input);
    return {
      KeyId: keyArn(key, key.id),
      Plaintext: plaintext,
      EncryptionAlgorithm: SYMMETRIC,
      KeyMaterialId: material.id,
    };
  },
});

export const reEncrypt = defineOperation<ReEncryptRequest, ReEncryptResponse>({
  name: 'ReEncrypt',
  access: {
    iam(input, call) {
      const from = openingName(call, { blob: input.CiphertextBlob, expected: input.SourceKeyId });
      const to = parseKeyName(call, input.DestinationKeyId ?? '');
      const same = { 'kms:ReEncryptOnSameKey': String(from.id === to.id && from.account === to.account) };
      const source = { ...encryptionContextKeys(input.SourceEncryptionContext), ...same };
      const destination = { ...encryptionContextKeys(input.DestinationEncryptionContext), ...same };
      return [
        checkOnKey(call, 'kms:ReEncryptFrom', from, source),
        checkOnKey(call, 'kms:ReEncryptTo', to, destination),
      ];
    },
  },
  async handle(call, input) {
    assertServed(input, input.SourceEncryptionAlgorithm, input.DestinationEncryptionAlgorithm);
    if (input.DryRunModifiers?.length) throw faults.notImplemented('DryRunModifiers');
    const ciphertext = { blob: input.CiphertextBlob, expected: input.SourceKeyId };
    const from = await opened(call, ciphertext, input.SourceEncryptionContext);
    const to = await sealingKey(call, input.DestinationKeyId ?? '');
    endDryRun(input);
    return {
      CiphertextBlob: sealed(call, to, from.plaintext, input.DestinationEncryptionContext),
      SourceKeyId: keyArn(from.key, from.key.id),
      KeyId: keyArn(to, to.id),
      SourceEncryptionAlgorithm: SYMMETRIC,
      DestinationEncryptionAlgorithm: SYMMETRIC,
      SourceKeyMaterialId: from.material.id,
      DestinationKeyMaterialId: to.materials.at(-1)?.id,
    };
  },
});

const keySizes: Readonly<Record<string, number>> = { AES_128: 16, AES_256: 32 };

async function dataKey(call: Call, input: GenerateDataKeyRequest) {
  assertServed(input);
  const { KeySpec, NumberOfBytes } = input;
  const size = KeySpec === undefined ? NumberOfBytes : keySizes[KeySpec];
  if (size === undefined || (KeySpec === undefined) === (NumberOfBytes === undefined))
    throw faults.eitherSize();
  const key = await sealingKey(call, input.KeyId ?? '');
  endDryRun(input);
  const plaintext = call.plane.random.bytes(size);
  const answer = {
    CiphertextBlob: sealed(call, key, plaintext, input.EncryptionContext),
    KeyId: keyArn(key, key.id),
    KeyMaterialId: key.materials.at(-1)?.id,
  };
  return { answer, plaintext };
}

export const generateDataKey = defineOperation<GenerateDataKeyRequest, GenerateDataKeyResponse>({
  name: 'GenerateDataKey',
  access: onKey('GenerateDataKey', (input) => encryptionContextKeys(input.EncryptionContext)),
  async handle(call, input) {
    const { answer, plaintext } = await dataKey(call, input);
    return { ...answer, Plaintext: plaintext };
  },
});

export const generateDataKeyWithoutPlaintext = defineOperation<
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse
>({
  name: 'GenerateDataKeyWithoutPlaintext',
  access: onKey('GenerateDataKeyWithoutPlaintext', (input) => encryptionContextKeys(input.EncryptionContext)),
  handle: async (call, input) => (await dataKey(call, input)).answer,
});

export const generateRandom = defineOperation<GenerateRandomRequest, GenerateRandomResponse>({
  name: 'GenerateRandom',
  access: iam('kms:GenerateRandom'),
  handle({ plane }, input) {
    assertServed(input);
    if (input.CustomKeyStoreId !== undefined) throw faults.notImplemented('A custom key store');
    if (input.NumberOfBytes === undefined) throw faults.validation('NumberOfBytes is required.');
    return { Plaintext: plane.random.bytes(input.NumberOfBytes) };
  },
});
