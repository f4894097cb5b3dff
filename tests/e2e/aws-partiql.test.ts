// DynamoDB's expressions, transactions and PartiQL through the AWS command line and boto3.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, hasBoto3, run } from './clients.ts';

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

const dynamodb = (...words: string[]) =>
  run(aws ?? '', ['dynamodb', ...words, '--output', 'json'], { env: endpoint.env });

async function answerOf(...words: string[]): Promise<unknown> {
  const ran = await dynamodb(...words);
  expect(ran.code, `aws dynamodb ${words.join(' ')}\n${ran.stderr}`).toBe(0);
  return ran.stdout === '' ? undefined : JSON.parse(ran.stdout);
}

describe.skipIf(!aws)(`aws dynamodb${aws ? '' : because('aws')}`, () => {
  beforeAll(async () => {
    await answerOf(
      'create-table',
      '--table-name',
      'Music',
      '--billing-mode',
      'PAY_PER_REQUEST',
      '--attribute-definitions',
      'AttributeName=Artist,AttributeType=S',
      'AttributeName=Song,AttributeType=S',
      '--key-schema',
      'AttributeName=Artist,KeyType=HASH',
      'AttributeName=Song,KeyType=RANGE',
    );
    await answerOf('wait', 'table-exists', '--table-name', 'Music');
  });

  it('runs PartiQL, page by page', async () => {
    for (const song of ['A', 'B', 'C'])
      await answerOf(
        'execute-statement',
        '--statement',
        `INSERT INTO Music VALUE {'Artist':'Acme','Song':'${song}','Awards':1}`,
      );
    const select = ['--statement', `SELECT Song FROM Music WHERE Artist = ? AND Awards >= 1`];
    const parameters = ['--parameters', JSON.stringify([{ S: 'Acme' }])];
    expect(await answerOf('execute-statement', ...select, ...parameters)).toMatchObject({
      Items: [{ Song: { S: 'A' } }, { Song: { S: 'B' } }, { Song: { S: 'C' } }],
    });
    const first = (await answerOf('execute-statement', ...select, ...parameters, '--limit', '2')) as {
      NextToken: string;
    };
    expect(first).toMatchObject({ Items: [{ Song: { S: 'A' } }, { Song: { S: 'B' } }] });
    expect(
      await answerOf('execute-statement', ...select, ...parameters, '--next-token', first.NextToken),
    ).toMatchObject({ Items: [{ Song: { S: 'C' } }] });
  });

  it('cancels a transaction with a reason for each action', async () => {
    const put = { Put: { TableName: 'Music', Item: { Artist: { S: 'Acme' }, Song: { S: 'D' } } } };
    const check = {
      ConditionCheck: {
        TableName: 'Music',
        Key: { Artist: { S: 'Acme' }, Song: { S: 'A' } },
        ConditionExpression: 'Awards > :many',
        ExpressionAttributeValues: { ':many': { N: '100' } },
      },
    };
    const ran = await dynamodb('transact-write-items', '--transact-items', JSON.stringify([put, check]));
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain(
      'An error occurred (TransactionCanceledException) when calling the TransactWriteItems operation: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
    );
    await answerOf(
      'transact-write-items',
      '--transact-items',
      JSON.stringify([put]),
      '--client-request-token',
      'once',
    );
    const get = { Get: { TableName: 'Music', Key: put.Put.Item } };
    expect(await answerOf('transact-get-items', '--transact-items', JSON.stringify([get]))).toEqual({
      Responses: [{ Item: put.Put.Item }],
    });
  });

  it('says what is wrong with an expression', async () => {
    const key = JSON.stringify({ Artist: { S: 'Acme' }, Song: { S: 'A' } });
    const ran = await dynamodb(
      'update-item',
      '--table-name',
      'Music',
      '--key',
      key,
      '--update-expression',
      'ADD Awards : incr',
      '--expression-attribute-values',
      '{":incr":{"N":"1"}}',
    );
    expect(ran.stderr).toContain(
      'An error occurred (ValidationException) when calling the UpdateItem operation: Invalid UpdateExpression: Syntax error; token: ":", near: "Awards : incr"',
    );
  });
});

const SCENARIO = `
import boto3
from decimal import Decimal
from boto3.dynamodb.conditions import Attr, Key
table = boto3.resource('dynamodb').create_table(
    TableName='Scores', BillingMode='PAY_PER_REQUEST',
    KeySchema=[dict(AttributeName='player', KeyType='HASH'), dict(AttributeName='round', KeyType='RANGE')],
    AttributeDefinitions=[dict(AttributeName='player', AttributeType='S'), dict(AttributeName='round', AttributeType='N')])
table.wait_until_exists()
with table.batch_writer() as batch:
    for n in range(30):
        batch.put_item(Item={'player': 'p', 'round': n, 'score': Decimal(n) / 4, 'tags': {'even'} if n % 2 == 0 else {'odd'}})
query = table.query(KeyConditionExpression=Key('player').eq('p') & Key('round').between(3, 12),
                    FilterExpression=Attr('tags').contains('odd') & (Attr('score').gte(Decimal('1.25')) | Attr('none').exists()))
assert [int(i['round']) for i in query['Items']] == [5, 7, 9, 11], query
table.update_item(Key={'player': 'p', 'round': 5}, UpdateExpression='SET hist = if_not_exists(hist, :none), score = score + :half ADD tags :new',
                  ExpressionAttributeValues={':none': {}, ':half': Decimal('0.5'), ':new': {'prime'}})
item = table.get_item(Key={'player': 'p', 'round': 5})['Item']
assert item == {'player': 'p', 'round': 5, 'score': Decimal('1.75'), 'hist': {}, 'tags': {'odd', 'prime'}}, item
client = table.meta.client
try:
    client.transact_write_items(TransactItems=[
        dict(Put=dict(TableName='Scores', Item={'player': 'q', 'round': 1})),
        dict(Update=dict(TableName='Scores', Key={'player': 'p', 'round': 5}, UpdateExpression='SET score = score + :one',
             ConditionExpression='score > :many', ExpressionAttributeValues={':one': 1, ':many': 100},
             ReturnValuesOnConditionCheckFailure='ALL_OLD'))])
    raise AssertionError('the transaction was not cancelled')
except client.exceptions.TransactionCanceledException as error:
    first, second = error.response['CancellationReasons']
    assert first['Code'] == 'None' and second['Code'] == 'ConditionalCheckFailed', error.response
    assert second['Item']['score'] == {'N': '1.75'}, second
assert 'Item' not in table.get_item(Key={'player': 'q', 'round': 1})
rows = client.execute_statement(Statement='SELECT "round" FROM Scores WHERE player = ? AND "round" IN [1, 2]', Parameters=['p'])['Items']
assert sorted(int(r['round']) for r in rows) == [1, 2], rows
print('done')
`;

describe.skipIf(!boto3)(`boto3${boto3 ? '' : because('boto3')}`, () => {
  it('builds conditions, updates, transactions and statements', async () => {
    const ran = await run('python3', ['-c', SCENARIO], { env: endpoint.env });
    expect(ran.stderr).toBe('');
    expect(ran.stdout.trim()).toBe('done');
  });
});
