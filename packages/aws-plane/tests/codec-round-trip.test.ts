// Every operation of the services, with random full inputs and outputs, against the SDK's own clients: what a
// client sends is what we decode, what we encode is what a client reads.
import { createHash } from 'node:crypto';
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
import { eventStreamOf } from '../src/codecs/event-stream.ts';
import type { ServiceCodec, WireRequest } from '../src/codecs/codec.ts';
import { buildCodec } from '../src/codecs/load-codec.ts';
import { loadModel, ShapeGraph } from '@pergola/aws-model';
import type { ServiceName } from '../src/operation.ts';
import { RandomShapes } from './random-shape.ts';

const services = {
  sts: { exports: sts, client: sts.STSClient, operations: 11 },
  iam: { exports: iam, client: iam.IAMClient, operations: 180 },
  s3: { exports: s3, client: s3.S3Client, operations: 112 },
  logs: { exports: logs, client: logs.CloudWatchLogsClient, operations: 118 },
  rds: { exports: rds, client: rds.RDSClient, operations: 168 },
  dynamodb: { exports: dynamodb, client: dynamodb.DynamoDBClient, operations: 62 },
  elasticache: { exports: elasticache, client: elasticache.ElastiCacheClient, operations: 75 },
  ec2: { exports: ec2, client: ec2.EC2Client, operations: 44 },
  secretsmanager: {
    exports: secretsmanager,
    client: secretsmanager.SecretsManagerClient,
    operations: 23,
  },
  kms: { exports: kms, client: kms.KMSClient, operations: 56 },
} as const;

interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string | string[] | null>;
  readonly headers: Record<string, string>;
  readonly hostname: string;
  readonly body: unknown;
}

/** Each with other values: unions are seen in several variants. */
const rounds = [1, 2];

/** S3 answers this with an event stream, which its codec refuses to write. */
const refused = new Set(['SelectObjectContent']);

/** The JavaScript client does not know the element's name, which botocore and the service have. */
const unreadable = /PendingModifiedValues\.LogDeliveryConfigurations/;

for (const [service, { exports, client, operations }] of Object.entries(services)) {
  test(`${service}: all ${operations} operations round trip`, async () => {
    const model = await loadModel(service as ServiceName);
    // Without constraints, which random values break.
    const codec = buildCodec(service as ServiceName, model, { rules: {}, members: {} });
    const shapes = new ShapeGraph(model);
    const differences: string[] = [];
    let covered = 0;
    for (const [operation, round] of codec
      .operationNames()
      .flatMap((name) => rounds.map((n) => [name, n] as const))) {
      const random = new RandomShapes(hash(`${operation} ${round}`));
      const described = model.operations[operation];
      const input = described?.input ? random.structure(shapes.structure(described.input)) : {};
      const shape = described?.output ? shapes.structure(described.output) : undefined;
      const output = shape ? random.structure(shape) : {};
      const events = shape && eventStreamOf(shape)?.name;
      const found = await roundTrip({ codec, exports, client, operation, input, output, events });
      differences.push(...found.map((difference) => `${operation}: ${difference}`));
      covered += 1;
    }
    expect(differences.filter((difference) => !unreadable.test(difference))).toEqual([]);
    expect(covered).toBe(operations * rounds.length);
  });
}

async function roundTrip(run: {
  codec: ServiceCodec;
  exports: object;
  client: new (options: object) => unknown;
  operation: string;
  input: Record<string, unknown>;
  output: Record<string, unknown>;
  /** The member of the output that is a stream of events: of one event, here. */
  events: string | undefined;
}): Promise<string[]> {
  const { codec, operation, input, output, events } = run;
  let decoded: Record<string, unknown> = {};
  let routed: string | undefined;
  const handler = {
    handle: async (sent: HttpRequest) => {
      const request = await wireRequest(sent);
      routed = codec.route(request)?.operation;
      decoded = codec.decode(operation, request) as Record<string, unknown>;
      const response = codec.encode(operation, opened(output, events), 'request-1');
      return {
        response: {
          statusCode: response.status,
          headers: response.headers,
          body: response.body instanceof Readable ? response.body : readableOf(response.body),
        },
      };
    },
  };
  const client = new run.client({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    requestHandler: handler,
    forcePathStyle: true,
    disableHostPrefix: true,
    maxAttempts: 1,
  }) as { send(command: unknown): Promise<Record<string, unknown>> };
  const Command = (run.exports as Record<string, new (input: object) => object>)[`${operation}Command`];
  if (!Command) return ['the client has no command'];
  const sent = client.send(new Command(structuredClone(input)));
  if (refused.has(operation)) {
    await expect(sent).rejects.toThrow('event stream, which is not implemented');
    return compare('input', asSent(input), decoded);
  }
  const { $metadata: _, ...received } = await sent;
  for (const [name, value] of Object.entries(received)) {
    if (name === events) received[name] = await onlyEvent(value as AsyncIterable<object>);
    else if (value instanceof Readable) received[name] = Buffer.concat(await value.toArray());
  }
  delete received['ExpiresString']; // The client's second name for the header Expires.
  const differences = [...compare('input', asSent(input), decoded), ...compare('output', output, received)];
  return routed === operation ? differences : [...differences, `routed to ${routed}`];
}

function readableOf(body: string | Buffer | undefined): Readable {
  return Readable.from(body === undefined ? [] : [Buffer.from(body)]);
}

function opened(output: Record<string, unknown>, events: string | undefined): Record<string, unknown> {
  return events === undefined ? output : { ...output, [events]: Readable.from([output[events]]) };
}

/** What a stream of one event gives, or throws when that is an error. */
async function onlyEvent(events: AsyncIterable<object>): Promise<object | undefined> {
  let found: object | undefined;
  try {
    for await (const event of events) found = event;
    return found;
  } catch (error) {
    const { name, message } = error as Error;
    return { [name]: { message } };
  }
}

/** What the client makes of an input before it goes out: customer keys are encoded, and sent with their digest. */
function asSent(input: Record<string, unknown>): Record<string, unknown> {
  const out = { ...input };
  for (const name of ['SSECustomerKey', 'CopySourceSSECustomerKey']) {
    const key = input[name];
    if (typeof key !== 'string') continue;
    out[name] = Buffer.from(key).toString('base64');
    out[`${name}MD5`] = createHash('md5').update(key).digest('base64');
  }
  return out;
}

async function wireRequest(sent: HttpRequest): Promise<WireRequest> {
  const query = Object.entries(sent.query)
    .flatMap(([name, value]) =>
      [value ?? ''].flat().map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(item)}`),
    )
    .join('&');
  const { body } = sent;
  return {
    method: sent.method,
    path: sent.path,
    query,
    headers: Object.fromEntries(
      Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    host: sent.hostname,
    body: body === undefined || body === null ? Buffer.alloc(0) : Buffer.from(body as string),
  };
}

function compare(path: string, expected: unknown, actual: unknown): string[] {
  if (expected instanceof Uint8Array && actual instanceof Uint8Array) {
    return Buffer.compare(expected, actual) === 0 ? [] : [`${path} bytes differ`];
  }
  if (isPlain(expected) && isPlain(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) => compare(`${path}.${name}`, expected[name], actual[name]));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item, index) => compare(`${path}.${index}`, item, actual[index]));
  }
  const [want, have] = [expected, actual].map((value) => JSON.stringify(value));
  return want === have ? [] : [`${path}: ${want?.slice(0, 80)} became ${have?.slice(0, 80)}`];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function hash(text: string): number {
  return [...text].reduce((sum, character) => (Math.imul(sum, 31) + character.charCodeAt(0)) | 0, 7);
}
