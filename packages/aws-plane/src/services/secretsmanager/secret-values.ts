// PutSecretValue, GetSecretValue, BatchGetSecretValue.
import type {
  BatchGetSecretValueRequest,
  BatchGetSecretValueResponse,
  GetSecretValueRequest,
  GetSecretValueResponse,
  PutSecretValueRequest,
  PutSecretValueResponse,
} from '@aws-sdk/client-secrets-manager';
import type { Call } from '../../call.ts';
import { AwsFault } from '../../fault.ts';
import { defineOperation, iam } from '../../operation.ts';
import { assertOwn, checkOnSecret, type Context, onSecret } from './access.ts';
import { addVersion, changeSecret, CURRENT } from './change-secret.ts';
import { faults } from './faults.ts';
import { matching, pageOf } from './secret-lists.ts';
import { openValue, sealValue, valueOf, valueShape } from './sealed-value.ts';
import { keptSecret, secretArn } from './secret-names.ts';
import { hasVersion } from './secrets.ts';
import { findSecret, findValue, listSecrets, putSecret, type Secret, type Version } from './state.ts';

export const putSecretValue = defineOperation<PutSecretValueRequest, PutSecretValueResponse>({
  name: 'PutSecretValue',
  access: onSecret('PutSecretValue'),
  async handle(call, input) {
    const value = valueOf(input);
    if (!value) throw faults.needsValue();
    if (input.RotationToken !== undefined) throw faults.notImplemented('RotationToken');
    const stages = [...new Set(input.VersionStages ?? [CURRENT])];
    const id = input.ClientRequestToken ?? call.plane.random.uuid();
    const before = keptSecret(call, input.SecretId);
    assertOwn(call, before);
    if (await hasVersion(call, before, id, value)) return putShape(before, id);
    const sealing = await sealValue(call, before, id, value);
    const secret = await changeSecret(call, input.SecretId, (now, tx) => {
      if (now.versions.some((version) => version.id === id)) throw faults.versionIsFixed();
      // The first version is the current one, whatever it is to be called.
      const all = now.versions.length === 0 ? [...new Set([...stages, CURRENT])] : stages;
      return addVersion(tx, now, { id, createdMs: call.nowMs, stages: all }, sealing);
    });
    return putShape(secret, id);
  },
});

function putShape(secret: Secret, id: string): PutSecretValueResponse {
  const stages = secret.versions.find((version) => version.id === id)?.stages ?? [];
  return { ARN: secretArn(secret), Name: secret.name, VersionId: id, VersionStages: [...stages] };
}

export const getSecretValue = defineOperation<GetSecretValueRequest, GetSecretValueResponse>({
  name: 'GetSecretValue',
  access: onSecret('GetSecretValue', versionContext),
  async handle(call, input) {
    const secret = keptSecret(call, input.SecretId);
    const version = versionOf(secret, input);
    const answer = await shownValue(call, secret, version);
    await noteAccess(call, secret, version);
    return answer;
  },
});

function versionContext({ VersionId, VersionStage }: GetSecretValueRequest): Context {
  return {
    ...(VersionId !== undefined && { 'secretsmanager:VersionId': VersionId }),
    'secretsmanager:VersionStage': VersionStage ?? CURRENT,
  };
}

/** By id, by label, or by both, which then must belong together. */
function versionOf(
  { versions }: Secret,
  { VersionId: id, VersionStage: stage }: GetSecretValueRequest,
): Version {
  if (id !== undefined) {
    const version = versions.find((one) => one.id === id);
    if (!version) throw faults.noSuchVersion(id);
    if (stage !== undefined && !version.stages.includes(stage)) throw faults.stageNotOnVersion();
    return version;
  }
  const wanted = stage ?? CURRENT;
  const version = versions.find(({ stages }) => stages.includes(wanted));
  if (!version) throw faults.noSuchStage(wanted);
  return version;
}

async function shownValue(call: Call, secret: Secret, version: Version): Promise<GetSecretValueResponse> {
  const sealed = findValue(call.plane.store, secret, version.id);
  if (!sealed) throw faults.noSuchVersion(version.id);
  return {
    ARN: secretArn(secret),
    Name: secret.name,
    VersionId: version.id,
    ...valueShape(await openValue(call, secret, version.id, sealed)),
    VersionStages: [...version.stages],
    CreatedDate: new Date(version.createdMs),
  };
}

const DAY_MS = 86_400_000;

/** The day of the last access is kept, not its time. */
async function noteAccess(
  call: Call,
  { account, region, name, suffix }: Secret,
  { id }: Version,
): Promise<void> {
  const dayMs = Math.floor(call.nowMs / DAY_MS) * DAY_MS;
  const known = findSecret(call.plane.store, { account, region }, name, call.nowMs);
  if (known?.versions.find((version) => version.id === id)?.accessedMs === dayMs) return;
  await call.plane.store.transact((tx) => {
    const now = findSecret(tx, { account, region }, name, call.nowMs);
    if (now?.suffix !== suffix) return;
    const versions = now.versions.map((one) => (one.id === id ? { ...one, accessedMs: dayMs } : one));
    putSecret(tx, { ...now, accessedMs: dayMs, versions });
  });
}

const PAGE_VALUES = 20;

export const batchGetSecretValue = defineOperation<BatchGetSecretValueRequest, BatchGetSecretValueResponse>({
  name: 'BatchGetSecretValue',
  access: iam('secretsmanager:BatchGetSecretValue'),
  async handle(call, input) {
    const { SecretIdList: ids, Filters, MaxResults, NextToken } = input;
    if ((ids === undefined) === (Filters === undefined))
      throw faults.invalidParameter('Either SecretIdList or Filters must be provided, but not both.');
    if (ids && (MaxResults !== undefined || NextToken !== undefined))
      throw faults.invalidParameter('MaxResults and NextToken go with Filters only.');
    const found = matching(
      listSecrets(call.plane.store, call, call.nowMs).filter(({ deletion }) => !deletion),
      Filters,
    );
    const page = pageOf(found, secretArn, { MaxResults: MaxResults ?? PAGE_VALUES, NextToken });
    const asked = ids ?? page.items.map(secretArn);
    const answers = await Promise.all(asked.map((id) => oneOfBatch(call, id)));
    return {
      SecretValues: answers.flatMap((answer) => ('ARN' in answer ? [answer] : [])),
      Errors: answers.flatMap((answer) => ('ErrorCode' in answer ? [answer] : [])),
      ...(!ids && page.NextToken !== undefined && { NextToken: page.NextToken }),
    };
  },
});

/** The current value of one secret, or the error that GetSecretValue would give. */
async function oneOfBatch(call: Call, SecretId: string) {
  try {
    const denial = call.denialOf(
      checkOnSecret(call, 'secretsmanager:GetSecretValue', SecretId, versionContext({ SecretId })),
    );
    if (denial) throw denial;
    const secret = keptSecret(call, SecretId);
    return await shownValue(call, secret, versionOf(secret, { SecretId }));
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    return { SecretId, ErrorCode: error.code, Message: error.message };
  }
}
