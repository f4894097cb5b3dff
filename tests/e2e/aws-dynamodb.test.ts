// DynamoDB through the real clients: the AWS command line, boto3, and Terraform with the AWS provider.
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, clientConfig, startAwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, hasBoto3, run } from './clients.ts';
import { initTerraform, runTerraform, terraform, terraformTitle } from './terraform-runner.ts';

let endpoint: AwsEndpoint;
let client: DynamoDBClient;
beforeAll(async () => {
  endpoint = await startAwsEndpoint();
  client = new DynamoDBClient(clientConfig(endpoint));
});
afterAll(async () => {
  client.destroy();
  await endpoint[Symbol.asyncDispose]();
});

const boto3 = hasBoto3();
describe.skipIf(!boto3)(`boto3${boto3 ? '' : because('boto3')}`, () => {
  it('keeps games in a table', async () => {
    const script = join(import.meta.dirname, 'dynamodb-boto3.py');
    const ran = await run('python3', [script], { env: endpoint.env });
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toEqual({
      found: [5, 6, 7, 8, 9],
      filtered: 2,
      score: '0.25',
      refused: 'ConditionalCheckFailedException',
      paged: 40,
      records: [41, 'MODIFY'],
    });
  });
});

const aws = findProgram('aws');
describe.skipIf(!aws)(`aws${aws ? '' : because('the AWS command line')}`, () => {
  const cli = async (...words: readonly string[]) => {
    const ran = await run(aws ?? '', ['dynamodb', ...words], { env: endpoint.env });
    expect(ran.code, `aws dynamodb ${words.join(' ')}\n${ran.stderr}`).toBe(0);
    return ran.stdout === '' ? {} : (JSON.parse(ran.stdout) as Record<string, unknown>);
  };

  it('makes a table, waits for it, writes, reads, and deletes it', async () => {
    const table = ['--table-name', 'cli-table'];
    await cli(
      'create-table',
      ...table,
      '--attribute-definitions',
      'AttributeName=id,AttributeType=S',
      '--key-schema',
      'AttributeName=id,KeyType=HASH',
      '--billing-mode',
      'PAY_PER_REQUEST',
    );
    await cli('wait', 'table-exists', ...table);
    await cli('put-item', ...table, '--item', '{"id":{"S":"a"},"v":{"N":"1.50"}}');
    expect(await cli('get-item', ...table, '--key', '{"id":{"S":"a"}}')).toEqual({
      Item: { id: { S: 'a' }, v: { N: '1.5' } },
    });
    expect(await cli('scan', ...table)).toMatchObject({ Count: 1, ScannedCount: 1 });
    await cli('delete-table', ...table);
    await cli('wait', 'table-not-exists', ...table);
  });
});

const must = (words: readonly string[]) => runTerraform(endpoint, words);

describe.skipIf(!terraform)(terraformTitle, () => {
  const edited = ['-var', 'revision=2'];

  it('makes tables, and then finds nothing to do', async () => {
    await initTerraform(endpoint, 'terraform-dynamodb');
    expect(await must(['apply', '-auto-approve'])).toContain('Resources: 5 added');
    await must(['plan', '-detailed-exitcode']);
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: 'terraform-orders',
        Key: { customer: { S: 'ann' }, order: { N: '1' } },
      }),
    );
    expect(Item?.['total']).toEqual({ N: '10' });
  });

  it('edits them in place', async () => {
    expect(await must(['apply', '-auto-approve', ...edited])).toMatch(/0 added, [3-5] changed, 0 destroyed/);
    await must(['plan', '-detailed-exitcode', ...edited]);
  });

  it('leaves nothing behind', async () => {
    await must(['destroy', '-auto-approve', ...edited]);
    expect((await client.send(new ListTablesCommand())).TableNames).toEqual([]);
    expect(endpoint.bugs).toEqual([]);
  });
});
