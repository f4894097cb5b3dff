// TagResource, UntagResource and ListTagsOfResource, of tables.
import type {
  ListTagsOfResourceInput,
  ListTagsOfResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-dynamodb';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOnTable, requestTags } from '../access.ts';
import { resourceOf, type TableName } from '../arn.ts';
import { faults } from '../faults.ts';
import { assertTagCount, tagsOf } from '../tables/table-input.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { findTable, putTable } from '../tables/table-state.ts';

export const tagResource = defineOperation<TagResourceInput, object>({
  name: 'TagResource',
  access: {
    iam: (input, call) => {
      const context = requestTags(tagsOf(input.Tags));
      return [checkOnTable(call, 'TagResource', taggedTable(call, input.ResourceArn), { context })];
    },
  },
  async handle(call, input) {
    const added = tagsOf(input.Tags);
    await changeTags(call, input.ResourceArn, (tags) => ({ ...tags, ...added }));
    return {};
  },
});

export const untagResource = defineOperation<UntagResourceInput, object>({
  name: 'UntagResource',
  access: {
    iam: (input, call) => {
      const context = requestTags({}, input.TagKeys);
      return [checkOnTable(call, 'UntagResource', taggedTable(call, input.ResourceArn), { context })];
    },
  },
  async handle(call, input) {
    const gone = new Set(input.TagKeys);
    await changeTags(call, input.ResourceArn, (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))),
    );
    return {};
  },
});

const PAGE_TAGS = 10;

export const listTagsOfResource = defineOperation<ListTagsOfResourceInput, ListTagsOfResourceOutput>({
  name: 'ListTagsOfResource',
  access: {
    iam: (input, call) => [checkOnTable(call, 'ListTagsOfResource', taggedTable(call, input.ResourceArn))],
  },
  handle(call, input) {
    const { tags } = recordAt(call, input.ResourceArn);
    const keys = Object.keys(tags).sort();
    const start = input.NextToken === undefined ? 0 : keys.findIndex((key) => key > decoded(input.NextToken));
    const page = start < 0 ? [] : keys.slice(start, start + PAGE_TAGS);
    const last = page.at(-1);
    const more = last !== undefined && last !== keys.at(-1);
    return {
      Tags: page.map((key) => ({ Key: key, Value: tags[key] ?? '' })),
      ...(more && { NextToken: Buffer.from(last).toString('base64url') }),
    };
  },
});

const decoded = (token = '') => Buffer.from(token, 'base64url').toString();

function taggedTable(call: Call, arn: string | undefined): TableName {
  const { table, kind } = resourceOf(call, arn);
  if (kind !== 'table')
    throw faults.validation(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  return table;
}

function recordAt(call: Call, arn: string | undefined): TableRecord {
  const table = findTable(call.plane.store, taggedTable(call, arn));
  if (!table) throw faults.noSuchArn(arn ?? '');
  return table.record;
}

type Tags = Readonly<Record<string, string>>;

async function changeTags(call: Call, arn: string | undefined, change: (tags: Tags) => Tags): Promise<void> {
  const at = taggedTable(call, arn);
  await call.plane.store.transact((tx) => {
    const record = findTable(tx, at)?.record;
    if (!record) throw faults.noSuchArn(arn ?? '');
    putTable(tx, { ...record, tags: assertTagCount(change(record.tags)) });
  });
}
