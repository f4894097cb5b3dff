// UpdateContributorInsights, DescribeContributorInsights and ListContributorInsights: the setting alone.
import type {
  DescribeContributorInsightsInput,
  DescribeContributorInsightsOutput,
  ListContributorInsightsInput,
  ListContributorInsightsOutput,
  UpdateContributorInsightsInput,
  UpdateContributorInsightsOutput,
} from '@aws-sdk/client-dynamodb';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { onAccount, onTable } from '../access.ts';
import { homeOf, tableNameOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { namedTable } from '../tables/describe-table.ts';
import type { InsightsRecord, TableRecord } from '../tables/table-record.ts';
import { allTables, findTable, putTable } from '../tables/table-state.ts';

type Mode = NonNullable<DescribeContributorInsightsOutput['ContributorInsightsMode']>;
const DEFAULT_MODE = 'ACCESSED_AND_THROTTLED_KEYS';

function assertIndex(record: TableRecord, index: string | undefined): void {
  const all = [...record.localIndexes, ...record.globalIndexes];
  if (index !== undefined && !all.some(({ name }) => name === index))
    throw faults.notFound(`Requested resource not found: Table: ${record.name} not found, Index: ${index}`);
}

export const updateContributorInsights = defineOperation<
  UpdateContributorInsightsInput,
  UpdateContributorInsightsOutput
>({
  name: 'UpdateContributorInsights',
  access: onTable('UpdateContributorInsights'),
  async handle(call, input) {
    const at = tableNameOf(call, input.TableName);
    const enabled = input.ContributorInsightsAction === 'ENABLE';
    const mode = input.ContributorInsightsMode ?? DEFAULT_MODE;
    await call.plane.store.transact((tx) => {
      const record = findTable(tx, at)?.record;
      if (!record) throw faults.noSuchTable(at.name);
      assertIndex(record, input.IndexName);
      const setting: InsightsRecord = { enabled, mode, changedMs: call.nowMs };
      putTable(tx, { ...record, insights: { ...record.insights, [input.IndexName ?? '']: setting } });
    });
    return {
      TableName: at.name,
      ...(input.IndexName !== undefined && { IndexName: input.IndexName }),
      ContributorInsightsStatus: enabled ? 'ENABLING' : 'DISABLING',
      ContributorInsightsMode: mode,
    };
  },
});

export const describeContributorInsights = defineOperation<
  DescribeContributorInsightsInput,
  DescribeContributorInsightsOutput
>({
  name: 'DescribeContributorInsights',
  access: onTable('DescribeContributorInsights'),
  handle(call, input) {
    const { record } = namedTable(call, input.TableName);
    assertIndex(record, input.IndexName);
    const setting = new Map(Object.entries(record.insights ?? {})).get(input.IndexName ?? '');
    return {
      TableName: record.name,
      ...(input.IndexName !== undefined && { IndexName: input.IndexName }),
      ContributorInsightsStatus: setting?.enabled ? 'ENABLED' : 'DISABLED',
      ...(setting && {
        LastUpdateDateTime: new Date(setting.changedMs),
        ContributorInsightsMode: setting.mode as Mode,
      }),
      ...(setting?.enabled && { ContributorInsightsRuleList: rulesOf(record, input.IndexName) }),
    };
  },
});

/** Names of the rules that AWS makes: most accessed and most throttled, by partition and by item. */
function rulesOf({ name, createdMs, keys }: TableRecord, index: string | undefined): string[] {
  const end = `${name}${index === undefined ? '' : `-${index}`}-${createdMs}`;
  const by = keys.sort === undefined ? ['PK'] : ['PK', 'SK'];
  return by.flatMap((one) => ['C', 'T'].map((what) => `DynamoDBContributorInsights-${one}${what}-${end}`));
}

export const listContributorInsights = defineOperation<
  ListContributorInsightsInput,
  ListContributorInsightsOutput
>({
  name: 'ListContributorInsights',
  access: onAccount('ListContributorInsights'),
  handle: (call, input) => ({
    ContributorInsightsSummaries: tablesToList(call, input.TableName).flatMap((record) =>
      Object.entries(record.insights ?? {}).map(([index, { enabled, mode }]) => ({
        TableName: record.name,
        ...(index !== '' && { IndexName: index }),
        ContributorInsightsStatus: enabled ? ('ENABLED' as const) : ('DISABLED' as const),
        ContributorInsightsMode: mode as Mode,
      })),
    ),
  }),
});

function tablesToList(call: Call, name: string | undefined): readonly TableRecord[] {
  const home = homeOf(call);
  const named = name === undefined ? undefined : tableNameOf(call, name);
  // A list is of the caller's own account: nobody is asked about the tables of others.
  if (named && named.account !== home.account) throw faults.noSuchTable(named.name);
  if (named) return [namedTable(call, name).record];
  return allTables(call.plane.store)
    .map(({ record }) => record)
    .filter(({ account, region }) => account === home.account && region === home.region);
}
