// PartiQL through the SDK's client: statements, batches and transactions, with what DynamoDB says when they are refused.
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  ExecuteTransactionCommand,
  GetItemCommand,
  PutItemCommand,
  type TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connection, type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { guestKey, policyOf, refusalOf, secretAccessKey } from './plane.ts';

let plane: DynamoPlane;
let client: DynamoDBClient;
beforeAll(async () => {
  plane = await startDynamoPlane();
  client = plane.client();
  await makeTable(client, 'music', {
    sort: true,
    attributes: [{ AttributeName: 'genre', AttributeType: 'S' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-genre',
        KeySchema: [{ AttributeName: 'genre', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['year'] },
      },
    ],
  });
});
afterAll(() => plane[Symbol.asyncDispose]());

const TableName = 'music';
const run = (
  Statement: string,
  Parameters?: AttributeValue[],
  more: Partial<ExecuteStatementCommandInput> = {},
) => client.send(new ExecuteStatementCommand({ Statement, ...(Parameters && { Parameters }), ...more }));
const put = (pk: string, sk: string, more: Record<string, AttributeValue> = {}) =>
  client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { S: sk }, ...more } }));
const read = async (pk: string, sk = '1') =>
  (await client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } } }))).Item;
const sorts = async (Statement: string, Parameters?: AttributeValue[]) =>
  (await run(Statement, Parameters)).Items?.map(({ sk }) => sk?.S);

describe('ExecuteStatement', () => {
  it('inserts, and refuses what is there already', async () => {
    await run(`INSERT INTO "music" VALUE {'pk': ?, 'sk': '1', 'n': 1.50, 'tags': <<'a'>>}`, [{ S: 'ins' }]);
    expect(await read('ins')).toEqual({
      pk: { S: 'ins' },
      sk: { S: '1' },
      n: { N: '1.5' },
      tags: { SS: ['a'] },
    });
    expect(await refusalOf(run(`INSERT INTO music VALUE {'pk': 'ins', 'sk': '1'}`))).toMatchObject({
      code: 'DuplicateItemException',
      message: 'Duplicate primary key exists in table',
    });
    expect(await refusalOf(run(`INSERT INTO music VALUE {'pk': 'ins'}`))).toMatchObject({
      message: 'One or more parameter values were invalid: Missing the key sk in the item',
    });
  });

  it('updates an item that is there, and returns what is asked for', async () => {
    await put('upd', '1', { n: { N: '5' }, m: { M: { k: { L: [{ S: 'c' }] } } } });
    const where = `WHERE pk = 'upd' AND sk = '1'`;
    const all = await run(
      `UPDATE "music" SET n = n - 1 SET m.k = list_append(m.k, ['d']) ${where} RETURNING ALL NEW *`,
    );
    expect(all.Items).toEqual([
      { pk: { S: 'upd' }, sk: { S: '1' }, n: { N: '4' }, m: { M: { k: { L: [{ S: 'c' }, { S: 'd' }] } } } },
    ]);
    const modified = await run(`UPDATE "music" REMOVE n ${where} AND n = 4 RETURNING MODIFIED OLD *`);
    expect(modified.Items).toEqual([{ n: { N: '4' } }]);
    for (const statement of [
      `UPDATE music SET a = 1 ${where} AND n = 4`,
      `UPDATE music SET a = 1 WHERE pk = 'none' AND sk = '1'`,
    ])
      expect(await refusalOf(run(statement))).toMatchObject({
        code: 'ConditionalCheckFailedException',
        message: 'The conditional request failed',
      });
    expect(await read('none')).toBeUndefined();
  });

  it('deletes', async () => {
    await put('del', '1', { flag: { S: 'x' } });
    const where = `WHERE (pk = 'del' AND sk = '1') AND flag = `;
    expect(await refusalOf(run(`DELETE FROM music ${where} 'y'`))).toMatchObject({
      code: 'ConditionalCheckFailedException',
    });
    const gone = await run(`DELETE FROM music ${where} 'x' RETURNING ALL OLD *`, undefined, {
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(gone.Items).toEqual([{ pk: { S: 'del' }, sk: { S: '1' }, flag: { S: 'x' } }]);
    expect(gone.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1 });
    expect((await run(`DELETE FROM music ${where} 'x'`)).Items).toEqual([]);
  });

  it('selects by key, by condition, and in order', async () => {
    for (const sk of ['1', '2', '3', '4']) await put('sel', sk, { n: { N: sk } });
    await put('sel2', '1');
    expect(await sorts(`SELECT sk FROM music WHERE pk = 'sel'`)).toEqual(['1', '2', '3', '4']);
    expect(
      await sorts(`SELECT * FROM music WHERE pk = ? AND sk BETWEEN '2' AND '3'`, [{ S: 'sel' }]),
    ).toEqual(['2', '3']);
    expect(await sorts(`SELECT sk FROM music WHERE pk = 'sel' AND n > 2 ORDER BY sk DESC`)).toEqual([
      '4',
      '3',
    ]);
    expect(await sorts(`SELECT sk FROM music WHERE pk IN ['sel', 'sel2'] AND sk < '2'`)).toEqual(['1', '1']);
    expect(await sorts(`SELECT sk FROM music WHERE pk = 'sel' AND (sk = '1' OR NOT n <> 3)`)).toEqual([
      '1',
      '3',
    ]);
    expect(await sorts(`SELECT sk FROM music WHERE n = 2 AND begins_with(pk, 'sel')`)).toEqual(['2']);
    expect(await sorts(`SELECT sk FROM music WHERE pk = 'nobody'`)).toEqual([]);
  });

  it('pages through several partitions', async () => {
    for (const sk of ['1', '2', '3']) for (const pk of ['page-a', 'page-b']) await put(pk, sk);
    const Statement = `SELECT pk, sk FROM music WHERE pk IN ['page-a', 'page-b']`;
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await run(Statement, undefined, { Limit: 2, ...(NextToken && { NextToken }) });
      for (const { pk, sk } of page.Items ?? []) seen.push(`${pk?.S}/${sk?.S}`);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual(['page-a/1', 'page-a/2', 'page-a/3', 'page-b/1', 'page-b/2', 'page-b/3']);
    const first = await run(Statement, undefined, { Limit: 2 });
    for (const token of ['x', `${first.NextToken}`])
      expect(
        await refusalOf(run(`SELECT pk FROM music WHERE pk = 'page-a'`, undefined, { NextToken: token })),
      ).toMatchObject({ code: 'ValidationException', message: 'NextToken does not match request' });
  });

  it('reads an index, of what it holds', async () => {
    await put('idx', '1', { genre: { S: 'jazz' }, year: { N: '1959' }, label: { S: 'blue' } });
    const from = `FROM "music"."by-genre"`;
    expect((await run(`SELECT * ${from} WHERE genre = 'jazz' AND "year" > 1950`)).Items).toEqual([
      { pk: { S: 'idx' }, sk: { S: '1' }, genre: { S: 'jazz' }, year: { N: '1959' } },
    ]);
    expect(
      await refusalOf(run(`SELECT pk ${from} WHERE genre = 'jazz' AND (label = 'x' OR a = 1)`)),
    ).toMatchObject({
      message:
        'One or more parameter values were invalid: Secondary index by-genre does not project one or more filter attributes: [a, label]',
    });
    expect((await run(`SELECT pk ${from} WHERE label = 'blue'`)).Items).toEqual([]);
    expect(await refusalOf(run(`SELECT * FROM music.nothing WHERE genre = 'jazz'`))).toMatchObject({
      message: 'The table does not have the specified index: nothing',
    });
  });

  it.each([
    [
      'SELECT * FROM music WHERE',
      "Statement wasn't well formed, can't be processed: Unexpected end of statement",
    ],
    ['SELECT * FROM music WHERE pk = ?', "Number of parameters in request and statement don't match."],
    [
      'SELECT * FROM music ORDER BY sk',
      'Must have WHERE clause in the statement when using ORDER BY clause.',
    ],
    [
      "SELECT * FROM music WHERE sk = '1' ORDER BY sk",
      'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
    ],
    [
      "SELECT * FROM music WHERE pk = 'a' ORDER BY n",
      'Variable reference n in ORDER BY clause must be part of the primary key',
    ],
    [
      'SELECT * FROM music WHERE pk = 1',
      "Key attribute's data type should match its data type in table's schema: Key pk",
    ],
    [
      "UPDATE music SET a = 1 WHERE pk = 'a'",
      'Where clause does not contain a mandatory equality on all key attributes',
    ],
    [
      "UPDATE music SET sk = '2' WHERE pk = 'a' AND sk = '1'",
      'One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key',
    ],
    [
      "UPDATE music SET n = 'a' + 1 WHERE pk = 'a' AND sk = '1'",
      'Incorrect operand type for operator or function; operator or function: +, operand type: S',
    ],
  ])('refuses %s', async (statement, message) => {
    expect(await refusalOf(run(statement))).toMatchObject({ code: 'ValidationException', message });
  });

  it('refuses tables that are not there', async () => {
    expect(await refusalOf(run(`SELECT * FROM nowhere WHERE pk = 'a'`))).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
  });
});

describe('BatchExecuteStatement', () => {
  const batch = (...statements: string[]) =>
    client.send(
      new BatchExecuteStatementCommand({ Statements: statements.map((Statement) => ({ Statement })) }),
    );

  it('writes and reads, and lets each statement fail alone', async () => {
    const written = await batch(
      `INSERT INTO music VALUE {'pk': 'batch', 'sk': '1', 'n': 1}`,
      `INSERT INTO music VALUE {'pk': 'batch', 'sk': '1'}`,
      `UPDATE music SET n = 2 WHERE pk = 'batch' AND sk = '2'`,
      `UPDATE music SET`,
      `DELETE FROM nowhere WHERE pk = 'a'`,
    );
    expect(written.Responses).toEqual([
      { TableName },
      { TableName, Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' } },
      { TableName, Error: { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' } },
      {
        Error: {
          Code: 'ValidationError',
          Message: "Statement wasn't well formed, can't be processed: Unexpected end of statement",
        },
      },
      { TableName: 'nowhere', Error: { Code: 'ResourceNotFound', Message: 'Requested resource not found' } },
    ]);
    const readBack = await batch(
      `SELECT n FROM music WHERE pk = 'batch' AND sk = '1'`,
      `SELECT * FROM music WHERE pk = 'batch' AND sk = '9'`,
      `SELECT * FROM music WHERE pk = 'batch'`,
    );
    expect(readBack.Responses).toEqual([
      { TableName, Item: { n: { N: '1' } } },
      { TableName },
      {
        TableName,
        Error: {
          Code: 'ValidationError',
          Message:
            'Select statements within BatchExecuteStatement must specify the primary key in the where clause.',
        },
      },
    ]);
  });

  it('does not mix reads and writes', async () => {
    expect(
      await refusalOf(
        batch(
          `SELECT * FROM music WHERE pk = 'a' AND sk = '1'`,
          `DELETE FROM music WHERE pk = 'a' AND sk = '1'`,
        ),
      ),
    ).toMatchObject({ code: 'ValidationException' });
  });
});

describe('ExecuteTransaction', () => {
  const transact = (statements: string[], ClientRequestToken?: string) =>
    client.send(
      new ExecuteTransactionCommand({
        TransactStatements: statements.map((Statement) => ({ Statement })),
        ...(ClientRequestToken && { ClientRequestToken }),
      }),
    );
  const reasonsOf = async (...statements: string[]) => {
    const error = await transact(statements).then(
      () => undefined,
      (thrown: TransactionCanceledException) => thrown,
    );
    expect(error?.name).toBe('TransactionCanceledException');
    return error?.CancellationReasons;
  };

  it('writes everything or nothing', async () => {
    await put('tx', '1', { n: { N: '1' } });
    const increment = `UPDATE music SET n = n + 1 WHERE pk = 'tx' AND sk = '1'`;
    const insert = `INSERT INTO music VALUE {'pk': 'tx', 'sk': '2'}`;
    const exists = (n: number) => `EXISTS(SELECT * FROM music WHERE pk = 'ins' AND sk = '1' AND n = ${n})`;
    expect(await reasonsOf(increment, insert, exists(7))).toEqual([
      { Code: 'None' },
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    ]);
    expect(await read('tx', '2')).toBeUndefined();
    await transact([increment, insert, exists(1.5)], 'partiql-token');
    await transact([increment, insert, exists(1.5)], 'partiql-token');
    expect(await read('tx')).toMatchObject({ n: { N: '2' } });
    expect(await reasonsOf(insert)).toEqual([
      { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
    ]);
  });

  it('reads several items at one moment', async () => {
    const { Responses } = await transact([
      `SELECT n FROM music WHERE pk = 'tx' AND sk = '1'`,
      `SELECT * FROM music WHERE pk = 'tx' AND sk = '9'`,
    ]);
    expect(Responses).toEqual([{ Item: { n: { N: '2' } } }, {}]);
  });

  it('names what does not fit', async () => {
    const mismatch = {
      Code: 'ValidationError',
      Message: 'The provided key element does not match the schema',
    };
    const update = `UPDATE music SET a = 1 WHERE `;
    expect(
      await reasonsOf(
        `${update} pk = 'k'`,
        `${update} pk = 'k' AND sk = 1`,
        `${update} pk = 'k' AND sk = '1'`,
      ),
    ).toEqual([mismatch, mismatch, { Code: 'None' }]);
    expect(await reasonsOf(`${update.replace('music', 'nowhere')} pk = 'k' AND sk = '1'`)).toEqual([
      { Code: 'ResourceNotFound', Message: 'Requested resource not found' },
    ]);
    const failed = 'Validation failed in TransactStatements[1]: ';
    for (const [second, message] of [
      [
        `${update} pk = 'k' AND sk = '2' RETURNING ALL NEW *`,
        `${failed}RETURNING clause is not supported in ExecuteTransaction.`,
      ],
      [
        `SELECT * FROM music."by-genre" WHERE genre = 'x'`,
        `${failed}Reads on indices are not supported within transactions.`,
      ],
      [`UPDATE music SET d = [?]`, `${failed}Unsupported data type: Parameter under key root[0] at 1:23:1`],
      [
        `${update} sk = '1' AND pk = 'k'`,
        'Transaction request cannot include multiple operations on one item',
      ],
    ] as const)
      expect(await refusalOf(transact([`${update} pk = 'k' AND sk = '1'`, second]))).toMatchObject({
        code: 'ValidationException',
        message,
      });
  });
});

describe('rights', () => {
  it('are those of PartiQL, and may forbid reading whole tables', async () => {
    plane.test.directory.userPolicies.set('guest', [
      policyOf('some', [
        {
          Effect: 'Allow',
          Action: 'dynamodb:PartiQLSelect',
          Resource: `arn:aws:dynamodb:us-east-1:*:table/music`,
        },
        {
          Effect: 'Deny',
          Action: 'dynamodb:PartiQLSelect',
          Resource: '*',
          Condition: { Bool: { 'dynamodb:FullTableScan': 'true' } },
        },
      ]),
    ]);
    const guest = plane.client({
      ...connection(plane.test.url),
      credentials: { accessKeyId: guestKey, secretAccessKey },
    });
    const ask = (Statement: string) => guest.send(new ExecuteStatementCommand({ Statement }));
    expect((await ask(`SELECT n FROM music WHERE pk = 'tx' AND sk = '1'`)).Items).toEqual([
      { n: { N: '2' } },
    ]);
    for (const [statement, action] of [
      [`SELECT n FROM music WHERE n = 1`, 'PartiQLSelect'],
      [`SELECT n FROM music."by-genre" WHERE genre = 'x'`, 'PartiQLSelect'],
      [`DELETE FROM music WHERE pk = 'a' AND sk = '1'`, 'PartiQLDelete'],
    ] as const)
      expect(await refusalOf(ask(statement))).toMatchObject({
        code: 'AccessDeniedException',
        message: expect.stringContaining(`dynamodb:${action}`),
      });
  });
});
