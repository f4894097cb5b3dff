// Every modelled error of the services, encoded by us and read by the SDK's own clients.
import { Readable } from 'node:stream';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elasticache from '@aws-sdk/client-elasticache';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as rds from '@aws-sdk/client-rds';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sts from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import type { WireResponse } from '../src/codecs/codec.ts';
import { loadCodec } from '../src/codecs/load-codec.ts';
import { AwsFault } from '../src/fault.ts';
import { loadModel } from '@pergola/aws-model';
import type { ServiceName } from '../src/operation.ts';

type Send = (answer: WireResponse) => Promise<unknown>;

/** Sends one request through a client that gets `answer`. */
function sender(client: new (options: object) => unknown, command: object): Send {
  return (answer) => {
    const { status, headers, body } = answer;
    const stream = Readable.from(body === undefined ? [] : [Buffer.from(body as string)]);
    const handle = () =>
      Promise.resolve({ response: { statusCode: status, headers: { ...headers }, body: stream } });
    const opened = new client({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      requestHandler: { handle },
      maxAttempts: 1,
    }) as { send(command: object): Promise<unknown> };
    return opened.send(command);
  };
}

const services: Readonly<Partial<Record<ServiceName, { send: Send; errors: number }>>> = {
  sts: { send: sender(sts.STSClient, new sts.GetCallerIdentityCommand({})), errors: 12 },
  iam: { send: sender(iam.IAMClient, new iam.ListRolesCommand({})), errors: 38 },
  s3: { send: sender(s3.S3Client, new s3.ListBucketsCommand({})), errors: 21 },
  logs: { send: sender(logs.CloudWatchLogsClient, new logs.DescribeLogGroupsCommand({})), errors: 21 },
  rds: { send: sender(rds.RDSClient, new rds.DescribeDBInstancesCommand({})), errors: 150 },
  dynamodb: { send: sender(dynamodb.DynamoDBClient, new dynamodb.ListTablesCommand({})), errors: 35 },
  elasticache: {
    send: sender(elasticache.ElastiCacheClient, new elasticache.DescribeUsersCommand({})),
    errors: 76,
  },
  ec2: { send: sender(ec2.EC2Client, new ec2.DescribeVpcsCommand({})), errors: 0 },
  secretsmanager: {
    send: sender(secretsmanager.SecretsManagerClient, new secretsmanager.ListSecretsCommand({})),
    errors: 12,
  },
  kms: { send: sender(kms.KMSClient, new kms.ListKeysCommand({})), errors: 48 },
};

for (const [name, { send, errors }] of Object.entries(services)) {
  const service = name as ServiceName;

  test(`${service}: all ${errors} modelled errors are recognised by the client`, async () => {
    const codec = await loadCodec(service);
    const model = await loadModel(service);
    const codes = Object.values(model.errors).map(([code]) => code);
    for (const [shape, [code, status]] of Object.entries(model.errors)) {
      const fault = new AwsFault(code, status, `what <went> "wrong" with ${shape}`);
      const answer = codec.encodeFault(fault, 'request-1', { head: false });
      const thrown: unknown = await send(answer).catch((error: unknown) => error);
      expect(thrown).toMatchObject({ message: fault.message, $metadata: { httpStatusCode: status } });
      // Two shapes may share a code; the client then takes the first.
      const unique = codes.indexOf(code) === codes.lastIndexOf(code);
      if (unique) expect((thrown as Error).name).toBe(shape);
    }
    expect(Object.keys(model.errors).length).toBe(errors);
  });

  test(`${service}: an error outside the model keeps code, message and request id`, async () => {
    const codec = await loadCodec(service);
    const fault = new AwsFault('SomethingElse', 403, 'not today');
    const answer = codec.encodeFault(fault, 'request-1', { head: false });
    await expect(send(answer)).rejects.toMatchObject({
      name: 'SomethingElse',
      message: 'not today',
      $metadata: { httpStatusCode: 403, requestId: 'request-1' },
    });
  });
}
