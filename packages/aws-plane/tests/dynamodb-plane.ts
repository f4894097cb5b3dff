// DynamoDB and its streams behind the real pipeline on 127.0.0.1.
import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { dynamodb, dynamodbStreams } from '../src/services/dynamodb/service.ts';
import { adminKey, secretAccessKey, startTestPlane, type TestPlane, type TestPlaneOptions } from './plane.ts';

export interface DynamoPlane extends AsyncDisposable {
  readonly test: TestPlane;
  client(config?: Partial<DynamoDBClientConfig>): DynamoDBClient;
}

export async function startDynamoPlane(options: TestPlaneOptions = {}): Promise<DynamoPlane> {
  const test = await startTestPlane({
    ...options,
    services: [dynamodb, dynamodbStreams, ...(options.services ?? [])],
  });
  await dynamodb.start?.(test.plane);
  const clients: DynamoDBClient[] = [];
  return {
    test,
    client(config = {}) {
      const client = new DynamoDBClient({ ...connection(test.url), ...config });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await test[Symbol.asyncDispose]();
    },
  };
}

export const connection = (endpoint: string) => ({
  region: 'us-east-1',
  endpoint,
  credentials: { accessKeyId: adminKey, secretAccessKey },
  maxAttempts: 1,
});

/** A table with the keys `pk` and, when wanted, `sk`, both strings. */
export async function makeTable(
  client: DynamoDBClient,
  TableName: string,
  { sort = false, attributes = [], ...more }: MoreOfTable = {},
): Promise<void> {
  const keys = sort ? ['pk', 'sk'] : ['pk'];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' })),
      AttributeDefinitions: [
        ...keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }) as const),
        ...attributes,
      ],
      ...more,
    }),
  );
}

type MoreOfTable = Partial<CreateTableCommandInput> & {
  readonly sort?: boolean;
  readonly attributes?: readonly AttributeDefinition[];
};
