// CloudWatch Logs through the real clients: the AWS command line, boto3, and Terraform with the AWS provider.
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, type AwsEndpoint, clientConfig, startAwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, hasBoto3, run } from './clients.ts';
import { initTerraform, runTerraform, terraform, terraformTitle } from './terraform-runner.ts';

const aws = findProgram('aws');
const boto3 = hasBoto3();

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint();
});
afterAll(async () => {
  expect(endpoint.bugs).toEqual([]);
  await endpoint[Symbol.asyncDispose]();
});

/** What `aws logs …` prints, which must be JSON or nothing. */
async function logs(...words: string[]): Promise<unknown> {
  const ran = await run(aws ?? '', ['logs', ...words, '--output', 'json'], { env: endpoint.env });
  expect(ran.code, `aws logs ${words.join(' ')}\n${ran.stderr}`).toBe(0);
  return ran.stdout === '' ? undefined : JSON.parse(ran.stdout);
}

describe.skipIf(!aws)(`aws logs${aws ? '' : because('aws')}`, () => {
  const group = '/cli/shop';

  it('makes groups and streams, puts events and reads them', async () => {
    await logs('create-log-group', '--log-group-name', group, '--tags', 'team=shop');
    await logs('create-log-stream', '--log-group-name', group, '--log-stream-name', 'cart');
    const now = Date.now();
    const events = [0, 1, 2].map((n) => ({ timestamp: now + n, message: `line ${n}` }));
    const target = ['--log-group-name', group, '--log-stream-name', 'cart'];
    await logs('put-log-events', ...target, '--log-events', JSON.stringify(events));
    const got = await logs('get-log-events', ...target, '--start-from-head');
    expect(got).toMatchObject({ events, nextForwardToken: expect.stringMatching(/^f\//) });
    const filtered = await logs(
      'filter-log-events',
      '--log-group-name',
      group,
      '--filter-pattern',
      '"line 1"',
    );
    expect(filtered).toMatchObject({ events: [{ message: 'line 1', logStreamName: 'cart' }] });
    expect(await logs('describe-log-groups', '--log-group-name-prefix', '/cli')).toMatchObject({
      logGroups: [{ logGroupName: group, arn: `arn:aws:logs:us-east-1:${account}:log-group:${group}:*` }],
    });
  });

  it('answers queries', async () => {
    const seconds = Math.floor(Date.now() / 1_000);
    const span = ['--start-time', String(seconds - 300), '--end-time', String(seconds)];
    const text = 'filter @message like /line [12]/ | stats count(*) as n';
    const started = await logs('start-query', '--log-group-name', group, '--query-string', text, ...span);
    const { queryId } = started as { queryId: string };
    let answer: unknown;
    await expect
      .poll(
        async () => {
          answer = await logs('get-query-results', '--query-id', queryId);
          return (answer as { status: string }).status;
        },
        { timeout: 30_000 },
      )
      .toBe('Complete');
    expect(answer).toMatchObject({ results: [[{ field: 'n', value: '2' }]] });
  });

  it('says what is wrong as AWS says it', async () => {
    const words = ['logs', 'create-log-group', '--log-group-name', group];
    const ran = await run(aws ?? '', words, { env: endpoint.env });
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain(
      'An error occurred (ResourceAlreadyExistsException) when calling the CreateLogGroup operation: The specified log group already exists',
    );
  });
});

/** Puts 2,500 events with boto3 and reads them by its paginators; prints counts. */
const program = `
import boto3, json, time
logs = boto3.client('logs')
group = dict(logGroupName='/boto3/shop')
logs.create_log_group(**group)
logs.create_log_stream(logStreamName='s', **group)
now = int(time.time() * 1000)
events = [dict(timestamp=now + n, message=f'event {n}') for n in range(2500)]
answer = logs.put_log_events(logStreamName='s', logEvents=events, **group)
pages = list(logs.get_paginator('filter_log_events').paginate(**group, PaginationConfig=dict(PageSize=1000)))
found = [event['message'] for page in pages for event in page['events']]
try:
    logs.put_log_events(logStreamName='s', logEvents=list(reversed(events)), **group)
    refused = None
except logs.exceptions.InvalidParameterException as error:
    refused = error.response['Error']['Message']
print(json.dumps(dict(
    rejected='rejectedLogEventsInfo' in answer,
    pages=[len(page['events']) for page in pages],
    same=found == [event['message'] for event in events],
    refused=refused,
)))
`;

describe.skipIf(!boto3)(`boto3${boto3 ? '' : because('boto3')}`, () => {
  it('puts events and turns pages', async () => {
    const ran = await run('python3', ['-c', program], { env: endpoint.env });
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toEqual({
      rejected: false,
      pages: [1000, 1000, 500],
      same: true,
      refused: 'Log events in a single PutLogEvents request must be in chronological order.',
    });
  });
});

const must = (words: readonly string[]) => runTerraform(endpoint, words);

describe.skipIf(!terraform)(terraformTitle, () => {
  it('makes, finds unchanged, edits and destroys what a team keeps for its logs', async () => {
    await initTerraform(endpoint, 'terraform-logs');
    expect(await must(['apply', '-auto-approve'])).toContain('Apply complete! Resources: 8 added');
    await must(['plan', '-detailed-exitcode']);
    const edited = ['-var', 'revision=2'];
    expect(await must(['apply', '-auto-approve', ...edited])).toMatch(
      /Resources: 0 added, 4 changed, 0 destroyed/,
    );
    await must(['plan', '-detailed-exitcode', ...edited]);
    expect(await must(['destroy', '-auto-approve', ...edited])).toContain('Resources: 8 destroyed');
    const client = new CloudWatchLogsClient(clientConfig(endpoint));
    const left = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/terraform' }));
    expect(left.logGroups).toEqual([]);
    client.destroy();
  });
});
