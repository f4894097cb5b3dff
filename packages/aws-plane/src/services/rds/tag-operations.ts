// AddTagsToResource, RemoveTagsFromResource, ListTagsForResource: on any resource that has an ARN.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddTagsToResource.html
import type {
  AddTagsToResourceMessage,
  ListTagsForResourceMessage,
  RemoveTagsFromResourceMessage,
  TagListMessage,
} from '@aws-sdk/client-rds';
import type { Reader } from '@pergola/store';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { checkOn, homeOf, requestTags } from './access.ts';
import { parseArn } from './arn.ts';
import { faults } from './faults.ts';
import { filtered } from './filters.ts';
import { find, homeOfKind, type Kind, proxies, taggedKinds } from './kinds.ts';
import { listRecords, type StoredResource, writeRecord } from './state.ts';
import { tagListOf, withoutTags, withTags } from './tags.ts';

interface Target {
  readonly kind: Kind<StoredResource>;
  readonly name: string;
}

/** What an ARN names. */
function targetOf(call: Call, arn: string | undefined): Target {
  const parsed = parseArn(arn ?? '');
  if (!parsed) throw faults.invalidValue(`Invalid resource name: ${arn ?? ''}`);
  const { type, name, account, region } = parsed;
  const kind = taggedKinds.find(({ arnType }) => arnType === type);
  if (!kind) throw faults.notImplemented(`Tags on a resource of the type ${type}`);
  if (account !== call.account || (region !== call.region && type !== 'global-cluster'))
    throw faults.invalidValue(`The specified resource name does not match an RDS resource in this region.`);
  return { kind, name };
}

function check(call: Call, action: string, arn: string | undefined, context = {}): AccessCheck[] {
  const target = targetOf(call, arn);
  const { name } = findTarget(call.plane.store, call, target) ?? target;
  return [checkOn(call, action, target.kind, { name, context })];
}

/** ARNs of proxies hold their ids. */
function findTarget(reader: Reader, call: Call, { kind, name }: Target): StoredResource | undefined {
  const home = homeOf(call);
  if (kind !== proxies) return find(reader, kind, home, name);
  return listRecords(reader, proxies.table, home).find(({ resourceId }) => resourceId === name);
}

function readTarget(reader: Reader, call: Call, target: Target): StoredResource {
  const found = findTarget(reader, call, target);
  if (!found) throw target.kind.missing(target.name);
  return found;
}

async function change(
  call: Call,
  arn: string | undefined,
  next: (tags: StoredResource['tags']) => StoredResource['tags'],
): Promise<object> {
  const target = targetOf(call, arn);
  await call.plane.store.transact((tx) => {
    const record = readTarget(tx, call, target);
    writeRecord(tx, target.kind.table, homeOfKind(target.kind, homeOf(call)), {
      ...record,
      tags: next(record.tags),
    });
  });
  return {};
}

export const addTagsToResource = defineOperation<AddTagsToResourceMessage, object>({
  name: 'AddTagsToResource',
  access: {
    iam: ({ ResourceName, Tags }, call) => check(call, 'AddTagsToResource', ResourceName, requestTags(Tags)),
  },
  handle: (call, { ResourceName, Tags }) => change(call, ResourceName, (tags) => withTags(tags, Tags)),
});

export const removeTagsFromResource = defineOperation<RemoveTagsFromResourceMessage, object>({
  name: 'RemoveTagsFromResource',
  access: {
    iam: ({ ResourceName, TagKeys }, call) =>
      check(call, 'RemoveTagsFromResource', ResourceName, requestTags([], TagKeys)),
  },
  handle: (call, { ResourceName, TagKeys }) =>
    change(call, ResourceName, (tags) => withoutTags(tags, TagKeys)),
});

export const listTagsForResource = defineOperation<ListTagsForResourceMessage, TagListMessage>({
  name: 'ListTagsForResource',
  access: { iam: ({ ResourceName }, call) => check(call, 'ListTagsForResource', ResourceName) },
  handle(call, { ResourceName, Filters }) {
    const { tags } = readTarget(call.plane.store, call, targetOf(call, ResourceName));
    return { TagList: [...filtered(tagListOf(tags), Filters, {})] };
  },
});
