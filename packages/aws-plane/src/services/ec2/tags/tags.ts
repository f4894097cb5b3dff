// CreateTags, DeleteTags, DescribeTags: on resources of any kind, by their ids.
import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  Tag,
} from '@aws-sdk/client-ec2';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { ensureHome } from '../default-network.ts';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { filtered, type FilterTable } from '../filters.ts';
import { arnOf, type IdPrefix, nouns, prefixOf } from '../home.ts';
import { find, list, put, resourceTable, type Tags } from '../state.ts';
import { requestTagContext, withTags } from './specified-tags.ts';

interface TagRequest {
  readonly Resources?: readonly string[] | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly DryRun?: boolean | undefined;
}

interface TagChange {
  readonly name: 'CreateTags' | 'DeleteTags';
  readonly keysOf: (input: TagRequest) => NonNullable<AccessCheck['context']>;
  readonly change: (tags: Tags, input: TagRequest) => Tags;
}

function tagOperation<Input extends TagRequest>({ name, keysOf, change }: TagChange): AnyOperation {
  return defineOperation<Input, object>({
    name,
    access: {
      iam(input, call) {
        const context = keysOf(input);
        const checks = (input.Resources ?? []).map((id) => checkOn(call, `ec2:${name}`, id, context));
        return checks.length > 0 ? checks : [{ action: `ec2:${name}`, resource: '*', context }];
      },
    },
    validate(input) {
      if (!input.Resources?.length) throw faults.missing('resourceIdSet');
      if (name === 'CreateTags' && !input.Tags?.length) throw faults.missing('tagSet');
      if (input.DryRun === true) throw faults.dryRun();
    },
    async handle(call, input) {
      await ensureHome(call.plane, homeOf(call));
      const home = homeOf(call);
      await call.plane.store.transact((tx) => {
        for (const id of input.Resources ?? []) {
          const prefix = prefixOf(id);
          if (prefix === undefined) throw faults.noSuchTagged(id);
          const resource = find(tx, home, resourceTable(prefix), id);
          if (!resource) throw faults.notFound(prefix, id);
          put(tx, home, resourceTable(prefix), { ...resource, tags: change(resource.tags, input) });
        }
      });
      return {};
    },
  });
}

function checkOn(
  call: Call,
  action: string,
  id: string,
  context: NonNullable<AccessCheck['context']>,
): AccessCheck {
  const prefix = prefixOf(id);
  if (prefix === undefined)
    return { action, resource: `arn:aws:ec2:${call.region}:${call.account}:*/${id}`, context };
  const tags = find(call.plane.store, homeOf(call), resourceTable(prefix), id)?.tags ?? {};
  const own = Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
  );
  return { action, resource: arnOf(call, prefix, id), context: { ...own, ...context } };
}

export const createTags = tagOperation<CreateTagsRequest>({
  name: 'CreateTags',
  keysOf: ({ Tags: added }) => requestTagContext(namedTags(added)),
  change: (tags, input) => withTags(tags, input.Tags),
});

/** A tag with a value goes only when it has that value; without any tags, all go. */
export const deleteTags = tagOperation<DeleteTagsRequest>({
  name: 'DeleteTags',
  keysOf: ({ Tags: gone = [] }) => requestTagContext({}, Object.keys(namedTags(gone))),
  change(tags, { Tags: gone }) {
    if (!gone || gone.length === 0) return {};
    const goes = ([key, value]: [string, string]) =>
      gone.some(({ Key, Value }) => Key === key && (Value === undefined || Value === value));
    return Object.fromEntries(Object.entries(tags).filter((tag) => !goes(tag)));
  },
});

function namedTags(tags: readonly Tag[] = []): Tags {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

interface TagRow {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly key: string;
  readonly value: string;
  /** For the filter `tag:KEY`. */
  readonly tags: Tags;
}

const filters: FilterTable<TagRow> = {
  key: ({ key }) => key,
  value: ({ value }) => value,
  'resource-id': ({ resourceId }) => resourceId,
  'resource-type': ({ resourceType }) => resourceType,
};

const PAGE_TAGS = 1000;

export const describeTags = ec2Operation<DescribeTagsRequest, DescribeTagsResult>({
  name: 'DescribeTags',
  handle(call, { Filters, MaxResults, NextToken }) {
    if (MaxResults !== undefined && (MaxResults < 5 || MaxResults > PAGE_TAGS))
      throw faults.invalidMaxResults(MaxResults, PAGE_TAGS);
    const rows = filtered(tagRowsOf(call), Filters, filters);
    const start = NextToken === undefined ? 0 : offsetOf(NextToken);
    const end = start + (MaxResults ?? PAGE_TAGS);
    return {
      Tags: rows.slice(start, end).map(({ resourceId, resourceType, key, value }) => ({
        ResourceId: resourceId,
        ResourceType: resourceType as 'vpc',
        Key: key,
        Value: value,
      })),
      ...(end < rows.length && { NextToken: Buffer.from(`from:${end}`).toString('base64url') }),
    };
  },
});

function offsetOf(token: string): number {
  const match = /^from:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (!match) throw faults.invalidToken();
  return Number(match[1]);
}

function tagRowsOf(call: Call): TagRow[] {
  const { store } = call.plane;
  return (Object.keys(nouns) as IdPrefix[]).flatMap((prefix) =>
    list(store, homeOf(call), resourceTable(prefix)).flatMap(({ id, tags }) =>
      Object.entries(tags).map(([key, value]) => ({
        resourceId: id,
        resourceType: nouns[prefix],
        key,
        value,
        tags: { [key]: value },
      })),
    ),
  );
}
