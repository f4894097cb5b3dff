import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteQueryDefinitionCommand,
  DescribeQueriesCommand,
  DescribeQueryDefinitionsCommand,
  GetLogGroupFieldsCommand,
  GetLogRecordCommand,
  GetQueryResultsCommand,
  type GetQueryResultsResponse,
  ListLogGroupsForQueryCommand,
  MalformedQueryException,
  PutLogEventsCommand,
  PutQueryDefinitionCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  type StartQueryRequest,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { account, refusalOf } from './plane.ts';

const DAY_MS = 86_400_000;
let plane: LogsPlane;
let client: CloudWatchLogsClient;
const now = Date.now();
const seconds = Math.floor(now / 1_000);
const shop = '/query/shop';
const bank = '/query/bank';
const arnOf = (name: string) => `arn:aws:logs:us-east-1:${account}:log-group:${name}`;

beforeAll(async () => {
  plane = await startLogsPlane();
  client = plane.client();
  for (const logGroupName of [shop, bank]) {
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
    const logEvents = Array.from({ length: 20 }, (_, n) => ({
      timestamp: seconds * 1_000 - 20_000 + n * 1_000,
      message: JSON.stringify({ n, level: n % 4 === 0 ? 'error' : 'info', user: { name: `u${n % 3}` } }),
    }));
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
  }
  await client.send(
    new CreateLogGroupCommand({ logGroupName: '/query/rare', logGroupClass: 'INFREQUENT_ACCESS' }),
  );
});
afterAll(() => plane[Symbol.asyncDispose]());

const start = (queryString: string, input: Partial<StartQueryRequest> = {}) =>
  client.send(
    new StartQueryCommand({
      queryString,
      startTime: seconds - 3_600,
      endTime: seconds,
      logGroupName: shop,
      ...input,
    }),
  );

/** The results of a query once it has ended. */
async function resultsOf(queryId: string | undefined): Promise<GetQueryResultsResponse> {
  let results: GetQueryResultsResponse | undefined;
  await expect
    .poll(
      async () => {
        results = await client.send(new GetQueryResultsCommand({ queryId }));
        return results.status;
      },
      { interval: 10, timeout: 15_000 },
    )
    .not.toMatch(/Scheduled|Running/);
  return results ?? {};
}

const query = async (queryString: string, input: Partial<StartQueryRequest> = {}) =>
  resultsOf((await start(queryString, input)).queryId);

/** Rows as objects. */
const rowsOf = ({ results = [] }: GetQueryResultsResponse) =>
  results.map((row) => Object.fromEntries(row.map(({ field = '', value = '' }) => [field, value])));

describe('queries', () => {
  it('answer with rows and statistics', async () => {
    const answer = await query('stats count(*) as n by level | sort level asc');
    expect(answer.status).toBe('Complete');
    expect(rowsOf(answer)).toEqual([
      { level: 'error', n: '5' },
      { level: 'info', n: '15' },
    ]);
    expect(answer.queryLanguage).toBe('CWLI');
    expect(answer.statistics).toMatchObject({
      recordsMatched: 20,
      recordsScanned: 20,
      bytesScanned: expect.any(Number),
      logGroupsScanned: 1,
      resultCount: 2,
    });
  });

  it('scan the groups that the request or the text names', async () => {
    const text = 'stats count(*) as n by @log | sort @log asc';
    const both = [
      { '@log': `${account}:${bank}`, n: '20' },
      { '@log': `${account}:${shop}`, n: '20' },
    ];
    const none = { logGroupName: undefined };
    expect(rowsOf(await query(text, { ...none, logGroupNames: [shop, bank] }))).toEqual(both);
    expect(rowsOf(await query(text, { ...none, logGroupIdentifiers: [arnOf(shop), bank] }))).toEqual(both);
    const sourced = await query(`SOURCE logGroups(namePrefix: ['/query/']) | ${text}`, none);
    expect(rowsOf(sourced)).toEqual(both);
    // There is a group of another class below the prefix, which has no such command.
    const shapes = await query("SOURCE logGroups(namePrefix: ['/query/']) | pattern @message", none);
    expect(shapes).toMatchObject({ status: 'Complete', statistics: { logGroupsScanned: 2 } });
    const { queryId } = await start(text, { ...none, logGroupNames: [shop, bank] });
    const listed = await client.send(new ListLogGroupsForQueryCommand({ queryId }));
    expect(listed.logGroupIdentifiers).toEqual([arnOf(shop), arnOf(bank)]);
    await resultsOf(queryId);
  });

  it('include both ends of their span, which are seconds', async () => {
    const span = { startTime: seconds - 20, endTime: seconds - 18 };
    expect(rowsOf(await query('fields n | sort n asc', span)).map(({ n }) => n)).toEqual(['0', '1', '2']);
  });

  it('give their rows page by page', async () => {
    const { queryId } = await start('fields n | sort n asc');
    await resultsOf(queryId);
    const pages: number[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new GetQueryResultsCommand({ queryId, maxItems: 8, ...(nextToken !== undefined && { nextToken }) }),
      );
      pages.push(page.results?.length ?? 0);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages).toEqual([8, 8, 4]);
  });

  it('say where they are malformed', async () => {
    const failure = await start('fields @timestamp | nonsense x').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MalformedQueryException);
    const { message, queryCompileError } = failure as MalformedQueryException;
    expect(queryCompileError?.location?.startCharOffset).toBe(20);
    expect(queryCompileError?.location?.endCharOffset).toBeGreaterThan(20);
    expect(queryCompileError?.message).toBe(message);
  });

  it('are refused when nobody can answer them', async () => {
    expect(await refusalOf(start('fields n', { logGroupName: 'absent' }))).toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Log group 'absent' does not exist for account ID '${account}'`,
    });
    const invalid = { code: 'InvalidParameterException' };
    expect(await refusalOf(start('fields n', { logGroupName: undefined }))).toMatchObject(invalid);
    expect(await refusalOf(start('fields n', { logGroupNames: [bank] }))).toMatchObject(invalid);
    expect(await refusalOf(start('fields n', { startTime: seconds, endTime: seconds - 1 }))).toMatchObject(
      invalid,
    );
    expect(await refusalOf(start('select 1', { queryLanguage: 'SQL' }))).toMatchObject(invalid);
    const many = Array.from({ length: 51 }, (_, n) => `g${n}`);
    expect(
      await refusalOf(start('fields n', { logGroupName: undefined, logGroupNames: many })),
    ).toMatchObject(invalid);
    const rare = { logGroupName: '/query/rare' };
    expect((await refusalOf(start('pattern @message', rare))).message).toContain('INFREQUENT_ACCESS');
    expect((await query('stats count(*)', rare)).status).toBe('Complete');
    const tooLong = await refusalOf(start('#'.repeat(10_001)));
    expect(tooLong.message).toContain('Member must have length less than or equal to 10000');
    const unknown = client.send(new GetQueryResultsCommand({ queryId: 'absent' }));
    expect((await refusalOf(unknown)).code).toBe('ResourceNotFoundException');
  });

  it('end when they are stopped, once', async () => {
    const { queryId = '' } = await start('fields n');
    await resultsOf(queryId);
    const stop = () => client.send(new StopQueryCommand({ queryId }));
    expect((await refusalOf(stop())).code).toBe('InvalidParameterException');
  });

  it('are listed, the newest first', async () => {
    const { queryId } = await query('fields n | limit 1').then(async () => start('fields n | limit 2'));
    await resultsOf(queryId);
    const listed = await client.send(new DescribeQueriesCommand({ maxResults: 2, status: 'Complete' }));
    expect(listed.queries?.map(({ queryString }) => queryString)).toEqual([
      'fields n | limit 2',
      'fields n | limit 1',
    ]);
    expect(listed.queries?.[0]).toMatchObject({
      queryId,
      status: 'Complete',
      logGroupName: shop,
      userIdentity: `arn:aws:iam::${account}:user/admin`,
    });
    const more = await client.send(
      new DescribeQueriesCommand({ maxResults: 2, nextToken: listed.nextToken }),
    );
    expect(more.queries?.length).toBeGreaterThan(0);
  });

  it('point at events, which GetLogRecord shows with all their fields', async () => {
    const [row] = rowsOf(await query('fields n, level | filter n = 3'));
    expect(row).toMatchObject({ n: '3', level: 'info' });
    const pointer = row?.['@ptr'];
    const timestamp = String(seconds * 1_000 - 17_000);
    const read = (logRecordPointer = '') => client.send(new GetLogRecordCommand({ logRecordPointer }));
    expect((await read(pointer)).logRecord).toEqual({
      n: '3',
      level: 'info',
      'user.name': 'u0',
      '@log': `${account}:${shop}`,
      '@logStream': 's',
      '@message': '{"n":3,"level":"info","user":{"name":"u0"}}',
      '@ptr': pointer,
      '@timestamp': timestamp,
      '@ingestionTime': expect.stringMatching(/^\d{13}$/),
    });
    expect((await refusalOf(read('abc'))).code).toBe('InvalidParameterException');
    const [far] = rowsOf(await query('fields n | filter n = 19'));
    expect((await read(far?.['@ptr'])).logRecord?.['n']).toBe('19');
  });

  it('are helped by the fields that a group has', async () => {
    const fields = async (time?: number) =>
      (await client.send(new GetLogGroupFieldsCommand({ logGroupName: shop, time }))).logGroupFields;
    const all = ['@ingestionTime', '@log', '@logStream', '@message', '@timestamp', 'level', 'n', 'user.name'];
    expect(await fields()).toEqual(all.map((name) => ({ name, percent: 100 })));
    expect(await fields(seconds + 300)).toHaveLength(all.length);
    expect(await fields(seconds - 3_600)).toEqual([]);
  });

  it('do not see what has expired', async () => {
    const logGroupName = '/query/expiring';
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
    for (const days of [2, 0.5]) {
      const logEvents = [{ timestamp: now - days * DAY_MS, message: `${days} days` }];
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
    }
    await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    const answer = await query('fields @message', { logGroupName, startTime: 0 });
    expect(rowsOf(answer).map((row) => row['@message'])).toEqual(['0.5 days']);
  });
});

describe('query definitions', () => {
  it('are kept, found by prefix, changed and removed', async () => {
    const put = (name: string, input: object = {}) =>
      client.send(new PutQueryDefinitionCommand({ name, queryString: 'fields @message', ...input }));
    const { queryDefinitionId } = await put('shop/errors', { logGroupNames: [shop] });
    await put('bank/errors');
    const list = async (queryDefinitionNamePrefix?: string) =>
      (await client.send(new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix })))
        .queryDefinitions;
    expect((await list())?.map(({ name }) => name)).toEqual(['bank/errors', 'shop/errors']);
    await put('shop/failures', { queryDefinitionId, queryString: 'stats count(*)' });
    expect(await list('shop/')).toEqual([
      {
        queryDefinitionId,
        name: 'shop/failures',
        queryString: 'stats count(*)',
        queryLanguage: 'CWLI',
        logGroupNames: [],
        lastModified: expect.any(Number),
      },
    ]);
    const twice = { clientToken: 'c'.repeat(36) };
    expect(await put('twice', twice)).toMatchObject({
      queryDefinitionId: (await put('twice', twice)).queryDefinitionId,
    });
    const remove = () => client.send(new DeleteQueryDefinitionCommand({ queryDefinitionId }));
    expect((await remove()).success).toBe(true);
    expect((await refusalOf(remove())).code).toBe('ResourceNotFoundException');
    expect((await refusalOf(put('x', { queryDefinitionId }))).code).toBe('ResourceNotFoundException');
  });
});
