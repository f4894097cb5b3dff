// EnableKey, DisableKey, ScheduleKeyDeletion, CancelKeyDeletion, UpdateKeyDescription.
import type {
  CancelKeyDeletionRequest,
  CancelKeyDeletionResponse,
  DisableKeyRequest,
  EnableKeyRequest,
  ScheduleKeyDeletionRequest,
  ScheduleKeyDeletionResponse,
  UpdateKeyDescriptionRequest,
} from '@aws-sdk/client-kms';
import { defineOperation } from '../../operation.ts';
import { onKey } from './access.ts';
import { assertKept, changeKey } from './change-key.ts';
import { faults } from './faults.ts';
import { keyArn } from './key-names.ts';

const DAY_MS = 86_400_000;
const USUAL_WINDOW_DAYS = 30;

export const enableKey = defineOperation<EnableKeyRequest, object>({
  name: 'EnableKey',
  access: onKey('EnableKey'),
  async handle(call, { KeyId = '' }) {
    await changeKey(call, KeyId, (key) => ({ ...assertKept(key), enabled: true }));
    return {};
  },
});

export const disableKey = defineOperation<DisableKeyRequest, object>({
  name: 'DisableKey',
  access: onKey('DisableKey'),
  async handle(call, { KeyId = '' }) {
    await changeKey(call, KeyId, (key) => ({ ...assertKept(key), enabled: false }));
    return {};
  },
});

export const scheduleKeyDeletion = defineOperation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse>({
  name: 'ScheduleKeyDeletion',
  access: onKey('ScheduleKeyDeletion', ({ PendingWindowInDays = USUAL_WINDOW_DAYS }) => ({
    'kms:ScheduleKeyDeletionPendingWindowInDays': String(PendingWindowInDays),
  })),
  async handle(call, { KeyId = '', PendingWindowInDays: windowDays = USUAL_WINDOW_DAYS }) {
    if (windowDays < 7) throw faults.validation('PendingWindowInDays must be between 7 and 30 days.');
    const atMs = call.nowMs + windowDays * DAY_MS;
    const key = await changeKey(call, KeyId, (before) => {
      if (before.manager === 'AWS') throw faults.managedKey('ScheduleKeyDeletion');
      return { ...assertKept(before), enabled: false, deletion: { atMs, windowDays } };
    });
    return {
      KeyId: keyArn(key, key.id),
      DeletionDate: new Date(atMs),
      KeyState: 'PendingDeletion',
      PendingWindowInDays: windowDays,
    };
  },
});

/** The key stays disabled. */
export const cancelKeyDeletion = defineOperation<CancelKeyDeletionRequest, CancelKeyDeletionResponse>({
  name: 'CancelKeyDeletion',
  access: onKey('CancelKeyDeletion'),
  async handle(call, { KeyId = '' }) {
    const key = await changeKey(call, KeyId, ({ deletion, ...before }) => {
      if (!deletion) throw faults.notPendingDeletion(keyArn(before, before.id));
      return before;
    });
    return { KeyId: keyArn(key, key.id) };
  },
});

export const updateKeyDescription = defineOperation<UpdateKeyDescriptionRequest, object>({
  name: 'UpdateKeyDescription',
  access: onKey('UpdateKeyDescription'),
  async handle(call, { KeyId = '', Description: description = '' }) {
    await changeKey(call, KeyId, (key) => ({ ...assertKept(key), description }));
    return {};
  },
});
