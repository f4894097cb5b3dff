import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteMetricFilterCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  type MetricTransformation,
  PutMetricFilterCommand,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogsPlane, startLogsPlane } from './logs-plane.ts';
import { guestKey, policyOf, refusalOf, secretAccessKey } from './plane.ts';

let plane: LogsPlane;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  plane = await startLogsPlane();
  client = plane.client();
});
afterAll(() => plane[Symbol.asyncDispose]());

let groups = 0;
async function newGroup(input: { logGroupClass?: 'INFREQUENT_ACCESS' } = {}): Promise<string> {
  const logGroupName = `/metrics/group-${++groups}`;
  await client.send(new CreateLogGroupCommand({ logGroupName, ...input }));
  return logGroupName;
}

const errors = { metricName: 'Errors', metricNamespace: 'App', metricValue: '1' };

function put(
  logGroupName: string,
  filterName: string,
  filterPattern: string,
  transformation: Partial<MetricTransformation> = {},
) {
  const metricTransformations = [{ ...errors, ...transformation }];
  return client.send(
    new PutMetricFilterCommand({ logGroupName, filterName, filterPattern, metricTransformations }),
  );
}

async function namesOf(logGroupName: string): Promise<readonly (string | undefined)[]> {
  const { metricFilters } = await client.send(new DescribeMetricFiltersCommand({ logGroupName }));
  return (metricFilters ?? []).map(({ filterName }) => filterName);
}

describe('metric filters', () => {
  it('are kept, shown, replaced and deleted', async () => {
    const logGroupName = await newGroup();
    await put(logGroupName, 'b', 'ERROR', { defaultValue: 0, unit: 'Count' });
    await put(logGroupName, 'a', '{ $.latency = * }', {
      metricName: 'Latency',
      metricValue: '$.latency',
      dimensions: { Path: '$.path', Code: '$.code' },
    });
    const { metricFilters = [] } = await client.send(new DescribeMetricFiltersCommand({ logGroupName }));
    expect(metricFilters).toMatchObject([
      { filterName: 'a', filterPattern: '{ $.latency = * }', logGroupName, creationTime: expect.any(Number) },
      { filterName: 'b', metricTransformations: [{ ...errors, defaultValue: 0, unit: 'Count' }] },
    ]);
    const described = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
    expect(described.logGroups?.[0]?.metricFilterCount).toBe(2);
    await put(logGroupName, 'b', 'WARN');
    await client.send(new DeleteMetricFilterCommand({ logGroupName, filterName: 'a' }));
    expect(await namesOf(logGroupName)).toEqual(['b']);
    const again = client.send(new DeleteMetricFilterCommand({ logGroupName, filterName: 'a' }));
    await expect(refusalOf(again)).resolves.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('go with their group', async () => {
    const logGroupName = await newGroup();
    await put(logGroupName, 'a', '');
    await client.send(new DeleteLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    expect(await namesOf(logGroupName)).toEqual([]);
  });

  it('are found by metric, by prefix, in all groups and page by page', async () => {
    const one = await newGroup();
    const two = await newGroup();
    await put(one, 'same', '', { metricName: 'M1' });
    await put(two, 'same', '', { metricName: 'M2' });
    await put(two, 'other', '', { metricName: 'M2', metricNamespace: 'Else' });
    const find = async (input: object) => {
      const { metricFilters = [] } = await client.send(new DescribeMetricFiltersCommand(input));
      return metricFilters.map(({ logGroupName, filterName }) => [logGroupName, filterName]);
    };
    expect(await find({ metricName: 'M2', metricNamespace: 'App' })).toEqual([[two, 'same']]);
    expect(await find({ logGroupName: two, filterNamePrefix: 'o' })).toEqual([[two, 'other']]);
    const alone = client.send(new DescribeMetricFiltersCommand({ metricName: 'M2' }));
    await expect(refusalOf(alone)).resolves.toMatchObject({ code: 'InvalidParameterException' });
    const first = await client.send(new DescribeMetricFiltersCommand({ filterNamePrefix: 'same', limit: 1 }));
    expect(first.metricFilters?.[0]?.logGroupName).toBe(one);
    const { nextToken } = first;
    const second = await client.send(
      new DescribeMetricFiltersCommand({ filterNamePrefix: 'same', limit: 1, nextToken }),
    );
    expect(second.metricFilters?.map(({ logGroupName }) => logGroupName)).toEqual([two]);
    expect(second.nextToken).toBeUndefined();
  });

  it.each<[string, Partial<MetricTransformation>, string]>([
    ['{ $.a = ', {}, "If a filter pattern starts with '{' it must end with '}'"],
    ['"a', {}, 'Invalid metric filter pattern: a quoted text does not end'],
    ['a:b', {}, "Invalid character(s) in term ':'"],
    ['ERROR', { dimensions: { A: '$.a' } }, 'The specified filter pattern does not support dimensions'],
    [
      '{ $.a = 1 }',
      { dimensions: { A: '$.a' }, defaultValue: 0 },
      'Invalid metric transformation: dimensions and default value are mutually exclusive properties',
    ],
    ['{ $.a = 1 }', { dimensions: { A: 'a' } }, "the dimension 'a' is not a field of the filter pattern"],
    ['[a, b]', { dimensions: { A: '$.a' } }, "the dimension '$.a' is not a field of the filter pattern"],
    [
      '[a, b]',
      { dimensions: { A: '$a', B: '$a', C: '$b', D: '$b' } },
      'Invalid metric transformation: there are more than 3 dimensions',
    ],
    ['ERROR', { metricValue: '$.a' }, "'$.a' is neither a number nor a field of the filter pattern"],
    ['ERROR', { metricName: 'a:b' }, 'regular expression pattern'],
  ])('%s %j is refused', async (pattern, transformation, message) => {
    const logGroupName = await newGroup();
    await expect(refusalOf(put(logGroupName, 'f', pattern, transformation))).resolves.toMatchObject({
      code: 'InvalidParameterException',
      status: 400,
      message: expect.stringContaining(message),
    });
  });

  it('are at most 100 in a group, five of them with regular expressions', async () => {
    const logGroupName = await newGroup();
    for (let count = 0; count < 5; count++) await put(logGroupName, `regex-${count}`, '%a%');
    await put(logGroupName, 'regex-0', '%b%');
    await expect(refusalOf(put(logGroupName, 'regex-5', '{ $.a = %b% }'))).resolves.toMatchObject({
      code: 'LimitExceededException',
    });
    for (let count = 5; count < 100; count++) await put(logGroupName, `plain-${count}`, '');
    await expect(refusalOf(put(logGroupName, 'plain-100', ''))).resolves.toMatchObject({
      code: 'LimitExceededException',
      message: 'Resource limit exceeded.',
    });
    await put(logGroupName, 'plain-99', 'a');
  });

  it('refuse what is not served, and groups that have none', async () => {
    const logGroupName = await newGroup();
    const unserved = client.send(
      new PutMetricFilterCommand({
        logGroupName,
        filterName: 'f',
        filterPattern: '',
        metricTransformations: [errors],
        fieldSelectionCriteria: '@aws.account = "1"',
      }),
    );
    await expect(refusalOf(unserved)).resolves.toMatchObject({
      message: 'fieldSelectionCriteria is not implemented by this endpoint.',
    });
    const rare = await newGroup({ logGroupClass: 'INFREQUENT_ACCESS' });
    await expect(refusalOf(put(rare, 'f', ''))).resolves.toMatchObject({ code: 'InvalidParameterException' });
    await expect(refusalOf(put('/none', 'f', ''))).resolves.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });

  it('ask policies about the group', async () => {
    const logGroupName = await newGroup();
    const Resource = `arn:aws:logs:*:*:log-group:${logGroupName}:*`;
    const allowed = {
      Effect: 'Allow',
      Action: ['logs:PutMetricFilter', 'logs:DescribeMetricFilters'],
      Resource,
    };
    plane.test.directory.userPolicies.set('guest', [policyOf('filters', [allowed])]);
    const guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
    await guest.send(new DescribeMetricFiltersCommand({ logGroupName }));
    await expect(refusalOf(guest.send(new DescribeMetricFiltersCommand({})))).resolves.toMatchObject({
      code: 'AccessDeniedException',
    });
    const remove = guest.send(new DeleteMetricFilterCommand({ logGroupName, filterName: 'f' }));
    await expect(refusalOf(remove)).resolves.toMatchObject({ code: 'AccessDeniedException' });
  });
});

describe('TestMetricFilter', () => {
  const test = async (filterPattern: string, ...logEventMessages: string[]) =>
    (await client.send(new TestMetricFilterCommand({ filterPattern, logEventMessages }))).matches;

  it('shows what matches and the values in it', async () => {
    const found = '127.0.0.1 - frank "GET /index.html" 404 1534';
    const other = '127.0.0.1 - frank "GET /index.gif" 404 1534';
    expect(await test('[..., request=*.html*, status_code=4*,]', other, found)).toEqual([
      {
        eventNumber: 1,
        eventMessage: found,
        extractedValues: {
          $1: '127.0.0.1',
          $2: '-',
          $3: 'frank',
          $request: 'GET /index.html',
          $status_code: '404',
          $6: '1534',
        },
      },
    ]);
    expect(await test('{ $.latency = * }', '{"latency":50}')).toEqual([
      { eventNumber: 0, eventMessage: '{"latency":50}', extractedValues: { '$.latency': '50' } },
    ]);
    expect(await test('ERROR', 'INFO', 'an ERROR')).toEqual([
      { eventNumber: 1, eventMessage: 'an ERROR', extractedValues: {} },
    ]);
    expect(await test('nothing', 'a')).toEqual([]);
  });

  it('refuses what is no pattern', async () => {
    await expect(refusalOf(test('"a', 'a'))).resolves.toMatchObject({
      code: 'InvalidParameterException',
      message: 'Invalid metric filter pattern: a quoted text does not end',
    });
    await expect(refusalOf(test('a'))).resolves.toMatchObject({ code: 'InvalidParameterException' });
  });
});
