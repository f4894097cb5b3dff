// AssociateKmsKey and DisassociateKmsKey: the key's ARN is kept and shown.
import type { AssociateKmsKeyRequest, DisassociateKmsKeyRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../call.ts';
import { type Access, defineOperation } from '../../operation.ts';
import { checkOnGroup } from './access.ts';
import type { GroupName } from './arn.ts';
import { changeGroup } from './change-group.ts';
import { faults } from './faults.ts';
import { nameOf } from './groups.ts';

type KeyInput = DisassociateKmsKeyRequest;

const KEY_ARN = /^arn:aws:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/.+$/;

/** Throws for what cannot be the ARN of a key. */
export function assertKmsKey(arn: string | undefined): void {
  if (arn !== undefined && !KEY_ARN.test(arn))
    throw faults.invalidParameter('The specified KMS Key Id could not be found.');
}

export const associateKmsKey = defineOperation<AssociateKmsKeyRequest, object>({
  name: 'AssociateKmsKey',
  access: onKeyed('logs:AssociateKmsKey'),
  validate: ({ kmsKeyId }) => assertKmsKey(kmsKeyId),
  async handle(call, input) {
    await changeGroup(call, keyedGroup(call, input), (group) => ({ ...group, kmsKeyId: input.kmsKeyId }));
    return {};
  },
});

export const disassociateKmsKey = defineOperation<DisassociateKmsKeyRequest, object>({
  name: 'DisassociateKmsKey',
  access: onKeyed('logs:DisassociateKmsKey'),
  async handle(call, input) {
    await changeGroup(call, keyedGroup(call, input), (group) => ({ ...group, kmsKeyId: undefined }));
    return {};
  },
});

function onKeyed(action: string): Access<KeyInput> {
  return { iam: (input, call) => [checkOnGroup(call, action, keyedGroup(call, input))] };
}

function keyedGroup(call: Call, { logGroupName, resourceIdentifier }: KeyInput): GroupName {
  if (resourceIdentifier?.endsWith(':query-result:*'))
    throw faults.notImplemented('Encryption of query results');
  return nameOf(call, { logGroupName, logGroupIdentifier: resourceIdentifier });
}
