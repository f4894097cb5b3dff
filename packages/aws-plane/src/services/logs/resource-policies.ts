// PutResourcePolicy, DescribeResourcePolicies and DeleteResourcePolicy: of the account by name, of a group by its ARN.
import type {
  DeleteResourcePolicyRequest,
  DescribeResourcePoliciesRequest,
  DescribeResourcePoliciesResponse,
  PutResourcePolicyRequest,
  PutResourcePolicyResponse,
  ResourcePolicy,
} from '@aws-sdk/client-cloudwatch-logs';
import { alphabets } from '@pergola/kernel';
import { parsePolicy } from '@pergola/policy';
import type { Call } from '../../call.ts';
import { type Access, defineOperation } from '../../operation.ts';
import { checkOnGroup } from './access.ts';
import { groupArn, type Home, streamArn } from './arn.ts';
import { faults } from './faults.ts';
import { groupAt, homeOf, identifiedName } from './groups.ts';
import { logsOf } from './logs-context.ts';
import { pageByKey } from './paging.ts';
import {
  accountPolicies,
  groupPolicies,
  policiesOfAccount,
  type ResourcePolicyRecord,
} from './resource-policy.ts';
import { deleteRecord, listRecords, readRecord, type Table, writeRecord } from './state.ts';

const ACCOUNT_POLICIES_MAX = 10;
const ACCOUNT_POLICY_CHARS_MAX = 5_120;
const PAGE_POLICIES = 50;
const REVISION_DIGITS = 15;

interface PolicyInput {
  readonly policyName?: string | undefined;
  readonly resourceArn?: string | undefined;
}

export const putResourcePolicy = defineOperation<PutResourcePolicyRequest, PutResourcePolicyResponse>({
  name: 'PutResourcePolicy',
  access: onPolicy('logs:PutResourcePolicy'),
  validate({ policyName, resourceArn, policyDocument = '' }) {
    assertNamed({ policyName, resourceArn });
    if (resourceArn === undefined && policyDocument.length > ACCOUNT_POLICY_CHARS_MAX)
      throw faults.invalidParameter('The policy document exceeds the limit of 5120 characters.');
    const parsed = parsePolicy(policyDocument, 'resource');
    if (!parsed.ok) throw faults.invalidParameter(parsed.error.message);
  },
  async handle(call, input) {
    const { table, home, id } = placeOf(call, input);
    const record: ResourcePolicyRecord = {
      ...(table === accountPolicies ? { name: id } : { resourceArn: id }),
      document: input.policyDocument ?? '',
      updatedMs: call.nowMs,
      revisionId: call.plane.random.text(REVISION_DIGITS, alphabets.hex),
    };
    await call.plane.store.transact((tx) => {
      const known = readRecord(tx, table, home, id);
      assertRevision(known, input.expectedRevisionId);
      const isNew = !known && table === accountPolicies;
      if (isNew && listRecords(tx, accountPolicies, home).length >= ACCOUNT_POLICIES_MAX)
        throw faults.limitExceeded('Resource limit exceeded.');
      if (table === groupPolicies) groupAt(tx, identifiedName(call, id));
      writeRecord(tx, table, { ...home, id }, record);
    });
    const ofGroup = table === groupPolicies;
    return { resourcePolicy: shapeOf(record), ...(ofGroup && { revisionId: record.revisionId }) };
  },
});

export const describeResourcePolicies = defineOperation<
  DescribeResourcePoliciesRequest,
  DescribeResourcePoliciesResponse
>({
  name: 'DescribeResourcePolicies',
  access: onPolicy('logs:DescribeResourcePolicies'),
  validate({ policyScope, resourceArn }) {
    if (policyScope === 'RESOURCE' && resourceArn === undefined)
      throw faults.invalidParameter('resourceArn must be specified when policyScope is RESOURCE.');
  },
  handle(call, input) {
    const { store } = call.plane;
    const { resourceArn } = input;
    const all =
      resourceArn === undefined ? policiesOfAccount(store, homeOf(call)) : ownPolicy(call, resourceArn);
    const pager = {
      tokens: logsOf(call.plane).tokens,
      scope: `DescribeResourcePolicies/${call.account}/${call.region}`,
    };
    const page = pageByKey(pager, input, {
      all,
      limit: input.limit ?? PAGE_POLICIES,
      keyOf: ({ name, resourceArn = '' }) => name ?? resourceArn,
    });
    return {
      resourcePolicies: page.items.map(shapeOf),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

export const deleteResourcePolicy = defineOperation<DeleteResourcePolicyRequest, object>({
  name: 'DeleteResourcePolicy',
  access: onPolicy('logs:DeleteResourcePolicy'),
  validate: assertNamed,
  async handle(call, input) {
    const { table, home, id } = placeOf(call, input);
    await call.plane.store.transact((tx) => {
      const known = readRecord(tx, table, home, id);
      if (!known) throw faults.noSuchPolicy(id);
      assertRevision(known, input.expectedRevisionId);
      deleteRecord(tx, table, home, id);
    });
    return {};
  },
});

function onPolicy<Input extends PolicyInput>(action: string): Access<Input> {
  return {
    iam(input, call) {
      const { resourceArn } = input;
      if (resourceArn !== undefined) return [checkOnGroup(call, action, identifiedName(call, resourceArn))];
      return [{ action, resource: streamArn({ ...homeOf(call), name: '' }) }];
    },
  };
}

function assertNamed({ policyName, resourceArn }: PolicyInput): void {
  if ((policyName === undefined) === (resourceArn === undefined))
    throw faults.invalidParameter('Exactly one of policyName and resourceArn must be specified.');
}

interface PolicyPlace {
  readonly table: Table<ResourcePolicyRecord>;
  /** Of a group's policy that of the group, whoever may set it. */
  readonly home: Home;
  readonly id: string;
}

function placeOf(call: Call, { policyName, resourceArn }: PolicyInput): PolicyPlace {
  if (resourceArn === undefined) return { table: accountPolicies, home: homeOf(call), id: policyName ?? '' };
  const at = identifiedName(call, resourceArn);
  return { table: groupPolicies, home: at, id: groupArn(at) };
}

function ownPolicy(call: Call, resourceArn: string): ResourcePolicyRecord[] {
  const at = identifiedName(call, resourceArn);
  const own = readRecord(call.plane.store, groupPolicies, at, groupArn(at));
  return own ? [own] : [];
}

function assertRevision(known: ResourcePolicyRecord | undefined, expected: string | undefined): void {
  if (expected !== undefined && expected !== known?.revisionId) throw faults.revisionConflict();
}

function shapeOf(record: ResourcePolicyRecord): ResourcePolicy {
  const { name, resourceArn } = record;
  return {
    ...(name !== undefined && { policyName: name }),
    policyDocument: record.document,
    lastUpdatedTime: record.updatedMs,
    policyScope: resourceArn === undefined ? 'ACCOUNT' : 'RESOURCE',
    ...(resourceArn !== undefined && { resourceArn, revisionId: record.revisionId }),
  };
}
