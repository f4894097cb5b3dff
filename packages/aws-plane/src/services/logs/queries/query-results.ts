// GetQueryResults, StopQuery, DescribeQueries and ListLogGroupsForQuery.
import type {
  DescribeQueriesRequest,
  DescribeQueriesResponse,
  GetQueryResultsRequest,
  GetQueryResultsResponse,
  ListLogGroupsForQueryRequest,
  ListLogGroupsForQueryResponse,
  StopQueryRequest,
  StopQueryResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { onAccount } from '../access.ts';
import { groupArn } from '../arn.ts';
import { faults } from '../faults.ts';
import { homeOf } from '../groups.ts';
import { logsOf } from '../logs-context.ts';
import { descendingKey, pageByKey, pageFrom } from '../paging.ts';
import { assertQueryLanguage } from './query-language.ts';
import { type QueryRun, sizeOfRow } from './query-runs.ts';

const PAGE_ROWS = 10_000;
const PAGE_QUERIES = 1_000;
const PAGE_GROUPS = 50;

export const getQueryResults = defineOperation<GetQueryResultsRequest, GetQueryResultsResponse>({
  name: 'GetQueryResults',
  access: onAccount('logs:GetQueryResults'),
  handle(call, input) {
    const run = runOf(call, input.queryId);
    const { result, recordsScanned, bytesScanned } = run.progress;
    const pager = { tokens: logsOf(call.plane).tokens, scope: `GetQueryResults/${run.id}` };
    const limit = input.maxItems || PAGE_ROWS;
    const page = pageFrom(pager, input, { all: result.rows, limit, sizeOf: sizeOfRow });
    if (page.nextToken === undefined) logsOf(call.plane).queries.noteRead(run.home, run.id);
    return {
      queryLanguage: 'CWLI',
      results: page.items.map((row) => [...row]),
      statistics: {
        recordsMatched: result.recordsMatched,
        recordsScanned,
        estimatedRecordsSkipped: 0,
        bytesScanned,
        estimatedBytesSkipped: 0,
        logGroupsScanned: run.groups.length,
        resultCount: result.rows.length,
      },
      status: run.status,
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

export const stopQuery = defineOperation<StopQueryRequest, StopQueryResponse>({
  name: 'StopQuery',
  access: onAccount('logs:StopQuery'),
  handle(call, { queryId = '' }) {
    runOf(call, queryId);
    if (!logsOf(call.plane).queries.cancel(homeOf(call), queryId)) throw faults.queryNotRunning();
    return { success: true };
  },
});

export const describeQueries = defineOperation<DescribeQueriesRequest, DescribeQueriesResponse>({
  name: 'DescribeQueries',
  access: onAccount('logs:DescribeQueries'),
  validate: ({ queryLanguage }) => assertQueryLanguage(queryLanguage),
  handle(call, input) {
    const { queries, tokens } = logsOf(call.plane);
    const { logGroupName, status, maxResults } = input;
    const all = queries
      .list(homeOf(call))
      .filter((run) => status === undefined || run.status === status)
      .filter((run) => logGroupName === undefined || run.groups.some(({ name }) => name === logGroupName));
    const pager = { tokens, scope: `DescribeQueries/${call.account}/${call.region}` };
    const page = pageByKey(pager, input, {
      all,
      limit: maxResults ?? PAGE_QUERIES,
      keyOf: ({ number }) => descendingKey(number),
    });
    return {
      queries: page.items.map((run) => ({
        queryLanguage: 'CWLI',
        queryId: run.id,
        queryString: run.text,
        status: run.status,
        createTime: run.createdMs,
        logGroupName: logGroupName ?? run.groups[0]?.name,
        queryDuration: run.durationMs,
        bytesScanned: run.progress.bytesScanned,
        userIdentity: run.caller,
      })),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

export const listLogGroupsForQuery = defineOperation<
  ListLogGroupsForQueryRequest,
  ListLogGroupsForQueryResponse
>({
  name: 'ListLogGroupsForQuery',
  access: onAccount('logs:ListLogGroupsForQuery'),
  handle(call, input) {
    const run = runOf(call, input.queryId);
    const pager = { tokens: logsOf(call.plane).tokens, scope: `ListLogGroupsForQuery/${run.id}` };
    const page = pageFrom(pager, input, { all: run.groups, limit: input.maxResults ?? PAGE_GROUPS });
    const { region } = run.home;
    return {
      logGroupIdentifiers: page.items.map(({ account, name }) => groupArn({ account, region, name })),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  },
});

function runOf(call: Call, id = ''): QueryRun {
  const run = logsOf(call.plane).queries.find(homeOf(call), id);
  if (!run) throw faults.noSuchQuery();
  return run;
}
