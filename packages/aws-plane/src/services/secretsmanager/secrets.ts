// CreateSecret, UpdateSecret, DescribeSecret.
import { timingSafeEqual } from 'node:crypto';
import type {
  CreateSecretRequest,
  CreateSecretResponse,
  DescribeSecretRequest,
  DescribeSecretResponse,
  UpdateSecretRequest,
  UpdateSecretResponse,
} from '@aws-sdk/client-secrets-manager';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { assertOwn, isInside, onSecret, requestTagContext } from './access.ts';
import { addVersion, changeSecret, CURRENT } from './change-secret.ts';
import { faults } from './faults.ts';
import { openValue, type PlainValue, sealValue, type Sealing, valueOf } from './sealed-value.ts';
import { existingSecret, keptSecret, secretArn, secretNamed, suffixFor } from './secret-names.ts';
import { namedTags, tagListOf, withTags } from './secret-tags.ts';
import { findSecret, findValue, forgetGone, putSecret, putValue, type Secret } from './state.ts';

const NAME = /^[A-Za-z0-9/_+=.@!-]{1,512}$/;
const OWNER_TAG = 'aws:secretsmanager:owningService';

export const createSecret = defineOperation<CreateSecretRequest, CreateSecretResponse>({
  name: 'CreateSecret',
  access: {
    iam(input, call) {
      const { Name: name = '', Description, KmsKeyId, Tags } = input;
      const suffix = suffixFor(call, name);
      const create: AccessCheck = {
        action: 'secretsmanager:CreateSecret',
        resource: secretArn({ account: call.account, region: call.region, name, suffix }),
        context: {
          'secretsmanager:Name': name,
          ...(Description !== undefined && { 'secretsmanager:Description': Description }),
          ...(KmsKeyId !== undefined && { 'secretsmanager:KmsKeyId': KmsKeyId }),
          ...requestTagContext(namedTags(Tags)),
        },
      };
      return Tags?.length ? [create, { ...create, action: 'secretsmanager:TagResource' }] : [create];
    },
  },
  validate(input, call) {
    const name = input.Name ?? '';
    if (!NAME.test(name)) throw faults.invalidName();
    if (/^[a-z]+!/.test(name) && !isInside(call)) throw faults.reservedName();
    if (input.AddReplicaRegions?.length) throw faults.notImplemented('Replication of secrets');
    if (input.Type !== undefined) throw faults.notImplemented('A secret managed by a partner');
  },
  async handle(call, input) {
    const value = valueOf(input);
    const versionId = input.ClientRequestToken ?? call.plane.random.uuid();
    const known = secretNamed(call, input.Name ?? '').found;
    if (known) return repeatedCreation(call, known, versionId, value);
    const blank = newSecret(call, input);
    const sealing = value && (await sealValue(call, blank, versionId, value));
    const { value: secret } = await call.plane.store.transact((tx) => {
      forgetGone(tx, blank, blank.name, call.nowMs);
      if (findSecret(tx, blank, blank.name, call.nowMs)) throw faults.secretExists(blank.name);
      const version = { id: versionId, createdMs: call.nowMs, stages: [CURRENT] };
      return putSecret(tx, sealing ? addVersion(tx, blank, version, sealing) : blank);
    });
    return shortShape(secret, value && versionId);
  },
});

function newSecret(call: Call, input: CreateSecretRequest): Secret {
  const { Name: name = '', Description: description, KmsKeyId: kmsKeyId, Tags } = input;
  const tags = withTags(call, {}, Tags);
  const { account, region, nowMs } = call;
  return {
    account,
    region,
    name,
    suffix: suffixFor(call, name),
    description,
    kmsKeyId,
    owner: tags[OWNER_TAG],
    createdMs: nowMs,
    changedMs: nowMs,
    tags,
    versions: [],
  };
}

/** The same request once more is answered as the first one was. */
async function repeatedCreation(
  call: Call,
  known: Secret,
  versionId: string,
  value: PlainValue | undefined,
): Promise<CreateSecretResponse> {
  if (known.deletion) throw faults.nameBeingDeleted();
  if (!value || !(await hasVersion(call, known, versionId, value))) throw faults.secretExists(known.name);
  return shortShape(known, versionId);
}

/** Whether the version is there with this value; one with another value is an error. */
export async function hasVersion(
  call: Call,
  secret: Secret,
  versionId: string,
  value: PlainValue,
): Promise<boolean> {
  const sealed = findValue(call.plane.store, secret, versionId);
  if (!sealed) return false;
  const known = await openValue(call, secret, versionId, sealed);
  const same =
    known.kind === value.kind &&
    known.bytes.length === value.bytes.length &&
    timingSafeEqual(known.bytes, value.bytes);
  if (!same) throw faults.versionIsFixed();
  return true;
}

function shortShape(secret: Secret, VersionId: string | undefined) {
  return { ARN: secretArn(secret), Name: secret.name, ...(VersionId !== undefined && { VersionId }) };
}

export const updateSecret = defineOperation<UpdateSecretRequest, UpdateSecretResponse>({
  name: 'UpdateSecret',
  access: onSecret('UpdateSecret', ({ Description, KmsKeyId }) => ({
    ...(Description !== undefined && { 'secretsmanager:Description': Description }),
    ...(KmsKeyId !== undefined && { 'secretsmanager:KmsKeyId': KmsKeyId }),
  })),
  validate({ Type }) {
    if (Type !== undefined) throw faults.notImplemented('A secret managed by a partner');
  },
  async handle(call, input) {
    const value = valueOf(input);
    const versionId = input.ClientRequestToken ?? call.plane.random.uuid();
    const before = keptSecret(call, input.SecretId);
    assertOwn(call, before);
    const wanted = { ...before, kmsKeyId: input.KmsKeyId ?? before.kmsKeyId };
    const isNew = value && !(await hasVersion(call, before, versionId, value));
    const sealing = value && isNew ? await sealValue(call, wanted, versionId, value) : undefined;
    const again = wanted.kmsKeyId === before.kmsKeyId ? [] : await sealedAnew(call, before, wanted);
    const secret = await changeSecret(call, input.SecretId, (now, tx) => {
      for (const [id, { value: sealed }] of again) putValue(tx, now, id, sealed);
      const keys = new Map(again.map(([id, { kmsKeyId }]) => [id, kmsKeyId]));
      const changed: Secret = {
        ...now,
        kmsKeyId: wanted.kmsKeyId,
        description: input.Description ?? now.description,
        changedMs: call.nowMs,
        versions: now.versions.map((one) => ({ ...one, kmsKeyId: keys.get(one.id) ?? one.kmsKeyId })),
      };
      const version = { id: versionId, createdMs: call.nowMs, stages: [CURRENT] };
      return sealing ? addVersion(tx, changed, version, sealing) : changed;
    });
    return shortShape(secret, value && versionId);
  },
});

/** With another key, the versions that have labels are encrypted anew. */
async function sealedAnew(call: Call, before: Secret, wanted: Secret): Promise<[string, Sealing][]> {
  const labelled = before.versions.filter(({ stages }) => stages.length > 0);
  return Promise.all(
    labelled.map(async ({ id }): Promise<[string, Sealing]> => {
      const sealed = findValue(call.plane.store, before, id);
      if (!sealed) throw faults.noSuchVersion(id);
      const plain = await openValue(call, before, id, sealed);
      return [id, await sealValue(call, wanted, id, plain)];
    }),
  );
}

export const describeSecret = defineOperation<DescribeSecretRequest, DescribeSecretResponse>({
  name: 'DescribeSecret',
  access: onSecret('DescribeSecret'),
  handle(call, { SecretId }) {
    const secret = existingSecret(call, SecretId);
    const stages = stagesOf(secret);
    return {
      ...commonShape(secret),
      ...(secret.deletion && { DeletedDate: new Date(secret.deletion.atMs) }),
      ...(Object.keys(stages).length > 0 && { VersionIdsToStages: stages }),
    };
  },
});

/** What DescribeSecret and ListSecrets both tell. */
export function commonShape(secret: Secret) {
  const { description, kmsKeyId, owner, accessedMs } = secret;
  return {
    ARN: secretArn(secret),
    Name: secret.name,
    ...(description !== undefined && { Description: description }),
    ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }),
    ...(owner !== undefined && { OwningService: owner }),
    CreatedDate: new Date(secret.createdMs),
    LastChangedDate: new Date(secret.changedMs),
    ...(accessedMs !== undefined && { LastAccessedDate: new Date(accessedMs) }),
    Tags: tagListOf(secret.tags),
  };
}

/** Versions that have labels. */
export function stagesOf({ versions }: Secret): Record<string, string[]> {
  const labelled = versions.filter(({ stages }) => stages.length > 0);
  return Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]]));
}
