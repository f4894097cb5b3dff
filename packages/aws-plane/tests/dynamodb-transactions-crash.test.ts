import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, ScanCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { startDynamoPlane } from './dynamodb-plane.ts';

const MANY = 60;

it('keeps every acknowledged transaction over kill -9, whole, and no half of any other', async () => {
  const path = mkdtempSync(join(tmpdir(), 'pergola-dynamodb-crash-'));
  try {
    const writer = fork(join(import.meta.dirname, 'dynamodb-transactions-writer.ts'), [path], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const acknowledged: string[] = [];
    const ended = new Promise((resolve) => writer.once('exit', resolve));
    writer.on('message', ({ token }: { token: string }) => {
      acknowledged.push(token);
      if (acknowledged.length === MANY) writer.kill('SIGKILL');
    });
    await ended;
    expect(acknowledged.length).toBeGreaterThanOrEqual(MANY);

    await using plane = await startDynamoPlane({ path });
    const client = plane.client();
    const points = async (TableName: string) => {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } }));
      return Number(Item?.['points']?.N);
    };
    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'left' }));
    const marks = new Set(Items.flatMap(({ pk }) => (pk?.S === 'a' ? [] : [pk?.S])));
    expect(acknowledged.filter((token) => !marks.has(token))).toEqual([]);
    expect([await points('left'), await points('right')]).toEqual([-marks.size, marks.size]);
    // Whoever did not hear the answer asks again, and it happens once.
    const token = acknowledged.at(-1) ?? '';
    const again = {
      Update: {
        TableName: 'left',
        Key: { pk: { S: 'a' } },
        UpdateExpression: 'SET points = points - :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    };
    await expect(
      client.send(new TransactWriteItemsCommand({ TransactItems: [again], ClientRequestToken: token })),
    ).rejects.toThrow('client token');
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
});
