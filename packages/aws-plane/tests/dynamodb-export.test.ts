import { gunzipSync } from 'node:zlib';
import {
  DescribeExportCommand,
  type DynamoDBClient,
  ExportTableToPointInTimeCommand,
  ListExportsCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { s3 } from '../src/services/s3/service.ts';
import { connection, type DynamoPlane, makeTable, startDynamoPlane } from './dynamodb-plane.ts';
import { account, refusalOf } from './plane.ts';

let plane: DynamoPlane;
let client: DynamoDBClient;
let bucket: S3Client;
beforeAll(async () => {
  plane = await startDynamoPlane({ services: [s3] });
  client = plane.client();
  bucket = new S3Client({ ...connection(plane.test.url), forcePathStyle: true });
  await bucket.send(new CreateBucketCommand({ Bucket: 'exported' }));
});
afterAll(async () => {
  bucket.destroy();
  await plane[Symbol.asyncDispose]();
});

const TableArn = `arn:aws:dynamodb:us-east-1:${account}:table/source`;
const exportTo = (S3Bucket: string) =>
  client.send(new ExportTableToPointInTimeCommand({ TableArn, S3Bucket, S3Prefix: 'daily' }));

async function ended(ExportArn: string | undefined) {
  const described = async () =>
    (await client.send(new DescribeExportCommand({ ExportArn }))).ExportDescription;
  await expect.poll(async () => (await described())?.ExportStatus).not.toBe('IN_PROGRESS');
  return described();
}

async function read(Key: string | undefined): Promise<Buffer> {
  const { Body } = await bucket.send(new GetObjectCommand({ Bucket: 'exported', Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

it('exports a table as files that its manifest names', async () => {
  await makeTable(client, 'source');
  const put = (pk: string) =>
    client.send(
      new PutItemCommand({ TableName: 'source', Item: { pk: { S: pk }, b: { B: Uint8Array.of(1, 2) } } }),
    );
  await put('a');
  await put('b');
  expect((await refusalOf(exportTo('exported'))).code).toBe('PointInTimeRecoveryUnavailableException');
  await client.send(
    new UpdateContinuousBackupsCommand({
      TableName: 'source',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  const { ExportDescription } = await exportTo('exported');
  expect(ExportDescription).toMatchObject({ ExportStatus: 'IN_PROGRESS', ExportFormat: 'DYNAMODB_JSON' });
  const done = await ended(ExportDescription?.ExportArn);
  expect(done).toMatchObject({ ExportStatus: 'COMPLETED', ItemCount: 2 });
  const summary = JSON.parse((await read(done?.ExportManifest)).toString()) as { manifestFilesS3Key: string };
  const files = (await read(summary.manifestFilesS3Key)).toString().split('\n');
  expect(files).toHaveLength(1);
  const { dataFileS3Key } = JSON.parse(files[0] ?? '') as { dataFileS3Key: string };
  const lines = gunzipSync(await read(dataFileS3Key))
    .toString()
    .trim()
    .split('\n');
  expect(new Set(lines)).toEqual(
    new Set(['a', 'b'].map((pk) => JSON.stringify({ Item: { pk: { S: pk }, b: { B: 'AQI=' } } }))),
  );
});

it('tells why an export failed', async () => {
  const { ExportDescription } = await exportTo('no-such-bucket');
  expect(await ended(ExportDescription?.ExportArn)).toMatchObject({
    ExportStatus: 'FAILED',
    FailureCode: 'S3NoSuchBucket',
  });
  const { ExportSummaries } = await client.send(new ListExportsCommand({ TableArn }));
  expect(ExportSummaries?.map(({ ExportStatus }) => ExportStatus)).toEqual(['COMPLETED', 'FAILED']);
});

it('is one export for each client token, which nobody else can take', async () => {
  const ask = (S3Bucket: string) =>
    client.send(new ExportTableToPointInTimeCommand({ TableArn, S3Bucket, ClientToken: 'once' }));
  const all = await Promise.all([ask('exported'), ask('exported')]);
  const arns = new Set(all.map(({ ExportDescription: one }) => one?.ExportArn));
  expect(arns.size).toBe(1);
  expect((await refusalOf(ask('elsewhere'))).code).toBe('ExportConflictException');
  expect(await ended([...arns][0])).toMatchObject({ ExportStatus: 'COMPLETED' });
});
