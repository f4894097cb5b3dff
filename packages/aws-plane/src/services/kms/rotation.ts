// EnableKeyRotation, DisableKeyRotation, GetKeyRotationStatus, RotateKeyOnDemand, ListKeyRotations.
// https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
import type {
  DisableKeyRotationRequest,
  EnableKeyRotationRequest,
  GetKeyRotationStatusRequest,
  GetKeyRotationStatusResponse,
  ListKeyRotationsRequest,
  ListKeyRotationsResponse,
  RotateKeyOnDemandRequest,
  RotateKeyOnDemandResponse,
} from '@aws-sdk/client-kms';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { onKey } from './access.ts';
import { assertKept, assertUsable, changeKey, keyById } from './change-key.ts';
import { faults } from './faults.ts';
import { keyArn } from './key-names.ts';
import { newMaterial, nextRotationMs } from './material.ts';
import { pageOf } from './pages.ts';
import type { StoredKey } from './state.ts';

const USUAL_PERIOD_DAYS = 365;
const MOST_ON_DEMAND = 10;
const PAGE_ROTATIONS = 100;

export const enableKeyRotation = defineOperation<EnableKeyRotationRequest, object>({
  name: 'EnableKeyRotation',
  access: onKey('EnableKeyRotation', ({ RotationPeriodInDays = USUAL_PERIOD_DAYS }) => ({
    'kms:RotationPeriodInDays': String(RotationPeriodInDays),
  })),
  async handle(call, { KeyId = '', RotationPeriodInDays: periodDays = USUAL_PERIOD_DAYS }) {
    await changeKey(call, KeyId, (key) => {
      const sinceMs = key.rotation?.sinceMs ?? call.nowMs;
      return { ...assertUsable(key), rotation: { periodDays, sinceMs } };
    });
    return {};
  },
});

export const disableKeyRotation = defineOperation<DisableKeyRotationRequest, object>({
  name: 'DisableKeyRotation',
  access: onKey('DisableKeyRotation'),
  async handle(call, { KeyId = '' }) {
    await changeKey(call, KeyId, (key) => ({ ...assertUsable(key), rotation: undefined }));
    return {};
  },
});

export const getKeyRotationStatus = defineOperation<
  GetKeyRotationStatusRequest,
  GetKeyRotationStatusResponse
>({
  name: 'GetKeyRotationStatus',
  access: onKey('GetKeyRotationStatus'),
  handle(call, { KeyId = '' }) {
    const key = keyById(call, KeyId);
    const { rotation } = key;
    const next = key.deletion ? undefined : nextRotationMs(key);
    return {
      KeyId: keyArn(key, key.id),
      KeyRotationEnabled: rotation !== undefined && !key.deletion,
      ...(rotation && { RotationPeriodInDays: rotation.periodDays }),
      ...(next !== undefined && { NextRotationDate: new Date(next) }),
    };
  },
});

export const rotateKeyOnDemand = defineOperation<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse>({
  name: 'RotateKeyOnDemand',
  access: onKey('RotateKeyOnDemand'),
  async handle(call, { KeyId = '' }) {
    const key = await changeKey(call, KeyId, (before) => {
      if (before.materials.filter(({ cause }) => cause === 'on-demand').length >= MOST_ON_DEMAND)
        throw faults.tooManyRotations();
      return rotated(call, assertUsable(before), 'on-demand');
    });
    return { KeyId: keyArn(key, key.id) };
  },
});

export const listKeyRotations = defineOperation<ListKeyRotationsRequest, ListKeyRotationsResponse>({
  name: 'ListKeyRotations',
  access: onKey('ListKeyRotations'),
  handle(call, input) {
    if (input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL')
      throw faults.notImplemented('IncludeKeyMaterial ALL_KEY_MATERIAL');
    const key = keyById(call, input.KeyId ?? '');
    // Numbered, for two may have been made at the same time.
    const renewals = key.materials
      .map((material, index) => ({ ...material, number: String(index).padStart(6, '0') }))
      .slice(1);
    const { items, ...page } = pageOf(renewals, ({ number }) => number, input, PAGE_ROTATIONS);
    return {
      Rotations: items.map(({ madeMs, cause }) => ({
        KeyId: keyArn(key, key.id),
        RotationDate: new Date(madeMs),
        RotationType: cause === 'on-demand' ? ('ON_DEMAND' as const) : ('AUTOMATIC' as const),
      })),
      ...page,
    };
  },
});

/** The key with new material, when its time has come; AWS renews it by itself, here it is renewed when it is used. */
export async function renewed(call: Call, key: StoredKey): Promise<StoredKey> {
  const isDue = (one: StoredKey) => (nextRotationMs(one) ?? Infinity) <= call.nowMs;
  if (!isDue(key)) return key;
  return changeKey(call, keyArn(key, key.id), (now) => (isDue(now) ? rotated(call, now, 'automatic') : now));
}

function rotated(call: Call, key: StoredKey, cause: 'automatic' | 'on-demand'): StoredKey {
  const material = newMaterial(call.plane.random, call.nowMs, cause);
  return { ...assertKept(key), materials: [...key.materials, material] };
}
