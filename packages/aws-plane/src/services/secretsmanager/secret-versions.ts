// ListSecretVersionIds and UpdateSecretVersionStage.
import type {
  ListSecretVersionIdsRequest,
  ListSecretVersionIdsResponse,
  UpdateSecretVersionStageRequest,
  UpdateSecretVersionStageResponse,
} from '@aws-sdk/client-secrets-manager';
import { defineOperation } from '../../operation.ts';
import { assertOwn, onSecret } from './access.ts';
import { changeSecret, CURRENT, moveStage } from './change-secret.ts';
import { faults } from './faults.ts';
import { pageOf } from './secret-lists.ts';
import { existingSecret, secretArn } from './secret-names.ts';
import type { Secret } from './state.ts';

export const listSecretVersionIds = defineOperation<
  ListSecretVersionIdsRequest,
  ListSecretVersionIdsResponse
>({
  name: 'ListSecretVersionIds',
  access: onSecret('ListSecretVersionIds'),
  handle(call, input) {
    const secret = existingSecret(call, input.SecretId);
    const shown = secret.versions.filter(
      ({ stages }) => input.IncludeDeprecated === true || stages.length > 0,
    );
    const { items, ...page } = pageOf(shown, ({ id }) => id, input);
    return {
      ARN: secretArn(secret),
      Name: secret.name,
      Versions: items.map(({ id, stages, createdMs, accessedMs, kmsKeyId }) => ({
        VersionId: id,
        ...(stages.length > 0 && { VersionStages: [...stages] }),
        CreatedDate: new Date(createdMs),
        ...(accessedMs !== undefined && { LastAccessedDate: new Date(accessedMs) }),
        KmsKeyIds: [kmsKeyId],
      })),
      ...page,
    };
  },
});

export const updateSecretVersionStage = defineOperation<
  UpdateSecretVersionStageRequest,
  UpdateSecretVersionStageResponse
>({
  name: 'UpdateSecretVersionStage',
  access: onSecret('UpdateSecretVersionStage', ({ VersionStage = '' }) => ({
    'secretsmanager:VersionStage': VersionStage,
  })),
  async handle(call, input) {
    const secret = await changeSecret(call, input.SecretId, (now) => {
      assertOwn(call, now);
      assertMove(now, input);
      return {
        ...now,
        changedMs: call.nowMs,
        versions: moveStage(now.versions, input.VersionStage ?? '', input.MoveToVersionId),
      };
    });
    return { ARN: secretArn(secret), Name: secret.name };
  },
});

/** A label is moved from where the client says that it is. */
function assertMove({ versions }: Secret, input: UpdateSecretVersionStageRequest): void {
  const { VersionStage: stage = '', RemoveFromVersionId: from, MoveToVersionId: to } = input;
  const unknown = [from, to].find((id) => id !== undefined && !versions.some((version) => version.id === id));
  if (unknown !== undefined) throw faults.noSuchVersion(unknown);
  const holder = versions.find(({ stages }) => stages.includes(stage))?.id;
  if (from === undefined) assertFree(stage, holder, to);
  else if (holder !== from) throw faults.stageNotAt(stage, from);
  else if (to === undefined && stage === CURRENT) throw faults.currentStays();
}

/** Where the client does not say where the label is, it must not be on another version. */
function assertFree(stage: string, holder: string | undefined, to: string | undefined): void {
  if (to === undefined) throw faults.noSuchStage(stage);
  if (holder !== undefined && holder !== to) throw faults.stageElsewhere(stage, holder);
}
