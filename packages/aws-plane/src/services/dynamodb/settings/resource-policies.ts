// PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy, of tables and their streams.
import type {
  DeleteResourcePolicyInput,
  DeleteResourcePolicyOutput,
  GetResourcePolicyInput,
  GetResourcePolicyOutput,
  PutResourcePolicyInput,
  PutResourcePolicyOutput,
} from '@aws-sdk/client-dynamodb';
import { AwsFault } from '../../../fault.ts';
import type { Call } from '../../../call.ts';
import { type Access, defineOperation } from '../../../operation.ts';
import { checkOnResource } from '../access.ts';
import { resourceOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { newPolicy } from '../tables/create-table.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { findTable, putTable } from '../tables/table-state.ts';

type Policy = TableRecord['policy'];

interface PolicyInput {
  readonly ResourceArn: string | undefined;
}

function onResource<Input extends PolicyInput>(action: string): Access<Input> {
  return { iam: (input, call) => [checkOnResource(call, action, resourceOf(call, input.ResourceArn))] };
}

const NO_POLICY = 'NO_POLICY';
const DOCUMENT_BYTES_MAX = 20 * 1_024;

const noPolicy = (arn = '') =>
  new AwsFault(
    'PolicyNotFoundException',
    400,
    `Resource-based policy not found for the provided ResourceArn: ${arn}`,
  );

export const putResourcePolicy = defineOperation<PutResourcePolicyInput, PutResourcePolicyOutput>({
  name: 'PutResourcePolicy',
  access: onResource('PutResourcePolicy'),
  async handle(call, input) {
    const document = input.Policy ?? '';
    if (Buffer.byteLength(document) > DOCUMENT_BYTES_MAX)
      throw faults.limit('Resource-based policy document exceeds the limit of 20 KB');
    const policy = newPolicy(call, document);
    await changePolicy(call, input.ResourceArn, (known) => {
      assertRevision(known, input.ExpectedRevisionId, input.ResourceArn);
      return policy;
    });
    return { RevisionId: policy.revision };
  },
});

export const getResourcePolicy = defineOperation<GetResourcePolicyInput, GetResourcePolicyOutput>({
  name: 'GetResourcePolicy',
  access: onResource('GetResourcePolicy'),
  handle(call, input) {
    const { record, member } = placeOf(call, input.ResourceArn, call.plane.store);
    const policy = record[member];
    if (!policy) throw noPolicy(input.ResourceArn);
    return { Policy: policy.document, RevisionId: policy.revision };
  },
});

export const deleteResourcePolicy = defineOperation<DeleteResourcePolicyInput, DeleteResourcePolicyOutput>({
  name: 'DeleteResourcePolicy',
  access: onResource('DeleteResourcePolicy'),
  async handle(call, input) {
    const before = await changePolicy(call, input.ResourceArn, (known) => {
      assertRevision(known, input.ExpectedRevisionId, input.ResourceArn);
      return undefined;
    });
    // Deleting what is not there is no error.
    return before ? { RevisionId: before.revision } : {};
  },
});

function assertRevision(known: Policy, expected: string | undefined, arn: string | undefined): void {
  if (expected === undefined || expected === (known?.revision ?? NO_POLICY)) return;
  throw known
    ? new AwsFault(
        'PolicyNotFoundException',
        400,
        `Resource-based policy not found for the provided ResourceArn: Requested update for policy with revision ID ${expected}, but the policy associated to target table ${arn} has revision ID ${known.revision}.`,
      )
    : noPolicy(arn);
}

type Reader = Parameters<typeof findTable>[0];

interface Place {
  readonly record: TableRecord;
  readonly member: 'policy' | 'streamPolicy';
}

function placeOf(call: Call, arn: string | undefined, reader: Reader): Place {
  const { table, kind, id } = resourceOf(call, arn);
  const record = findTable(reader, table)?.record;
  const ofStream = kind === 'stream' && record?.stream?.label === id;
  if (!record || (kind !== 'table' && !ofStream)) throw faults.noSuchArn(arn ?? '');
  return { record, member: ofStream ? 'streamPolicy' : 'policy' };
}

/** Gives the policy before. */
async function changePolicy(
  call: Call,
  arn: string | undefined,
  change: (known: Policy) => Policy,
): Promise<Policy> {
  const { value } = await call.plane.store.transact((tx) => {
    const { record, member } = placeOf(call, arn, tx);
    putTable(tx, { ...record, [member]: change(record[member]) });
    return record[member];
  });
  return value;
}
