// Makes the service models of the AWS plane from the run-time schemas that the AWS SDK packages carry.
// The schemas are tuples, see `static-schemas.d.ts` in @smithy/types; `model.ts` of the plane says what we keep.
import { mkdir, writeFile } from 'node:fs/promises';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as dynamodbstreams from '@aws-sdk/client-dynamodb-streams';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elasticache from '@aws-sdk/client-elasticache';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as rds from '@aws-sdk/client-rds';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import type {
  Binding,
  ErrorModel,
  Member,
  OperationModel,
  Protocol,
  Ref,
  ServiceModel,
  ShapeModel,
} from '@pergola/aws-model';
import { corrections } from './aws-model-corrections.ts';
import { ec2Operations } from './ec2-operations.ts';

const outputFolder = new URL('../packages/aws-model/src/generated/', import.meta.url);

/** What the generator uses of an SDK package. */
interface Source {
  readonly protocol: Protocol;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly client: new (options: object) => { readonly config: object };
  /** The operations that are kept; absent: all. */
  readonly only?: readonly string[];
}

const sources: Readonly<Record<string, Source>> = {
  sts: { protocol: 'awsQuery', exports: sts, client: sts.STSClient },
  iam: { protocol: 'awsQuery', exports: iam, client: iam.IAMClient },
  s3: { protocol: 'restXml', exports: s3, client: s3.S3Client },
  logs: { protocol: 'awsJson1.1', exports: logs, client: logs.CloudWatchLogsClient },
  rds: { protocol: 'awsQuery', exports: rds, client: rds.RDSClient },
  dynamodb: { protocol: 'awsJson1.0', exports: dynamodb, client: dynamodb.DynamoDBClient },
  dynamodbstreams: {
    protocol: 'awsJson1.0',
    exports: dynamodbstreams,
    client: dynamodbstreams.DynamoDBStreamsClient,
  },
  elasticache: { protocol: 'awsQuery', exports: elasticache, client: elasticache.ElastiCacheClient },
  ec2: { protocol: 'ec2Query', exports: ec2, client: ec2.EC2Client, only: ec2Operations },
  secretsmanager: {
    protocol: 'awsJson1.1',
    exports: secretsmanager,
    client: secretsmanager.SecretsManagerClient,
  },
  kms: { protocol: 'awsJson1.1', exports: kms, client: kms.KMSClient },
  sqs: { protocol: 'awsJson1.0', exports: sqs, client: sqs.SQSClient },
};

/** Kinds of schema tuple: the first slot. */
const kind = { simple: 0, list: 1, map: 2, structure: 3, union: 4, error: -3, operation: 9 } as const;

type Schema = readonly unknown[];
type Traits = Readonly<Record<string, unknown>>;

const primitives: Readonly<Record<number, Ref>> = {
  0: 's',
  1: 'n',
  2: 'b',
  4: 't',
  5: 'td',
  6: 'th',
  7: 'te',
  21: 'x',
  42: 'r',
};
/** Traits that a binding keeps: its name there, and how its value is written. */
const bindings: Readonly<
  Record<string, readonly [name: keyof Binding, convert: (value: unknown) => unknown]>
> = {
  xmlName: ['xmlName', (value) => value],
  xmlFlattened: ['flat', () => 1],
  xmlAttribute: ['attribute', () => 1],
  xmlNamespace: ['xmlns', (value) => value],
  httpHeader: ['header', lowerCase],
  httpPrefixHeaders: ['headers', lowerCase],
  httpQuery: ['query', (value) => value],
  label: ['label', () => 1],
  payload: ['payload', () => 1],
  httpPayload: ['payload', () => 1],
  eventPayload: ['payload', () => 1],
  hostLabel: ['host', () => 1],
};
const listBit = 64;
const mapBit = 128;
const traitBits = [
  'label',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'payload',
  'responseCode',
  'queryParams',
];

/** Writes the model of every service. */
export async function generateAwsModels(): Promise<void> {
  await mkdir(outputFolder, { recursive: true });
  for (const [service, source] of Object.entries(sources)) {
    const model = new ModelWriter(service, source).write();
    const text = render(model);
    await writeFile(new URL(`${service}.json`, outputFolder), text);
    console.log(`${service}: ${Object.keys(model.operations).length} operations, ${text.length} bytes`);
  }
}

class ModelWriter {
  readonly #service: string;
  readonly #source: Source;
  readonly #shapes = new Map<string, ShapeModel>();
  readonly #errors = new Map<string, ErrorModel>();
  readonly #operations = new Map<string, OperationModel>();
  readonly #others: string[] = [];

  constructor(service: string, source: Source) {
    this.#service = service;
    this.#source = source;
  }

  write(): ServiceModel {
    for (const [name, value] of Object.entries(this.#source.exports)) {
      if (!name.endsWith('$') || !Array.isArray(value)) continue;
      if (value[0] === kind.operation) this.#addOperation(value);
      if (value[0] === kind.error) this.#addError(value);
    }
    const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
    const client = new this.#source.client({ region: 'us-east-1', credentials });
    const { protocolSettings } = client.config as { protocolSettings: Record<string, string> };
    return {
      service: this.#service,
      protocol: this.#source.protocol,
      version: protocolSettings['version'] ?? '',
      xmlNamespace: protocolSettings['xmlNamespace'] ?? '',
      target: protocolSettings['serviceTarget'] ?? '',
      operations: sorted(this.#operations),
      ...(this.#others.length > 0 && { otherOperations: this.#others.toSorted() }),
      errors: sorted(this.#errors),
      shapes: sorted(this.#shapes),
    };
  }

  #addOperation(schema: Schema): void {
    const name = String(schema[2]);
    if (this.#source.only?.includes(name) === false) {
      this.#others.push(name);
      return;
    }
    const traits = traitsOf(schema[3]);
    const input = this.#shapeName(schema[4]);
    const output = this.#shapeName(schema[5]);
    this.#operations.set(name, {
      ...(input && { input }),
      ...(output && { output }),
      ...(traits['http'] !== undefined && { http: httpOf(traits['http'] as [string, string, number]) }),
      ...corrections[this.#service]?.operations?.[name],
    } as OperationModel);
  }

  #addError(schema: Schema): void {
    const name = String(schema[2]);
    const traits = traitsOf(schema[3]);
    if (traits['error'] === undefined) return; // The client's own base class.
    // Only awsQuery has codes of its own; elsewhere the shape's name is the code.
    const query = this.#source.protocol === 'awsQuery' ? traits['awsQueryError'] : undefined;
    const [code, status] = (query ?? [name, traits['httpError'] ?? 400]) as [string, number];
    const message = (schema[4] as string[]).find((member) => member.toLowerCase() === 'message');
    this.#errors.set(name, [code, status, message ?? 'message']);
  }

  /** Name of an operation's input or output; undefined for none. */
  #shapeName(schema: unknown): string | undefined {
    const target = dereference(schema);
    if (target === 'unit') return undefined;
    return this.#ref(target);
  }

  #ref(schema: unknown): Ref {
    if (typeof schema === 'number') return numericRef(schema);
    if (!Array.isArray(schema)) throw new Error(`${this.#service}: unknown schema ${String(schema)}`);
    if (schema[0] === kind.simple) {
      const streaming = traitsOf(schema[3])['streaming'] !== undefined;
      return streaming ? 'r' : numericRef(schema[4] as number);
    }
    const name = String(schema[2]);
    if (!this.#shapes.has(name)) {
      this.#shapes.set(name, { members: {} }); // A shape may contain itself.
      this.#shapes.set(name, this.#shape(schema));
    }
    return name;
  }

  #shape(schema: Schema): ShapeModel {
    const traits = traitsOf(schema[3]);
    switch (schema[0]) {
      case kind.list:
        return { list: this.#member(schema[4]) };
      case kind.map:
        return { key: this.#member(schema[4]), value: this.#member(schema[5]) };
      case kind.union:
        return { union: this.#members(schema), ...(traits['streaming'] !== undefined && { stream: 1 }) };
      case kind.structure:
      case kind.error:
        return {
          members: this.#members(schema),
          ...(typeof schema[6] === 'number' && schema[6] > 0 && { required: schema[6] }),
          ...(typeof traits['xmlName'] === 'string' && { xmlName: traits['xmlName'] }),
        };
      default:
        throw new Error(`${this.#service}: unknown kind of schema ${String(schema[0])}`);
    }
  }

  #members(schema: Schema): Record<string, Member> {
    const names = schema[4] as string[];
    const schemas = schema[5] as unknown[];
    const fixes = corrections[this.#service]?.members?.[String(schema[2])];
    const entries = names.map((name, index): [string, Member] => {
      const member = this.#member(schemas[index]);
      const fix = fixes?.[name];
      if (!fix) return [name, member];
      const [ref, binding] = typeof member === 'string' ? [member, {}] : member;
      return [name, [ref, { ...binding, ...fix }]];
    });
    return Object.fromEntries(entries);
  }

  #member(schema: unknown): Member {
    const target = dereference(schema);
    if (!Array.isArray(target) || target.length !== 2) return this.#ref(target);
    const ref = this.#ref(dereference(target[0]));
    const binding = bindingOf(traitsOf(target[1]));
    return Object.keys(binding).length > 0 ? [ref, binding] : ref;
  }
}

/** JSON with one operation, error or shape a line, so that a new SDK gives a diff that can be read. */
function render(model: ServiceModel): string {
  const fields = Object.entries(model).map(([key, value]: [string, unknown]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    const lines = Object.entries(value).map(
      ([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`,
    );
    return `${JSON.stringify(key)}: {\n${lines.join(',\n')}\n}`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}

function bindingOf(traits: Traits): Binding {
  const binding: Record<string, unknown> = {};
  for (const [trait, [name, convert]] of Object.entries(bindings)) {
    if (traits[trait] !== undefined) binding[name] = convert(traits[trait]);
  }
  return binding;
}

function httpOf([method, uri, status]: [string, string, number]): OperationModel['http'] {
  const [path = '/', query = ''] = uri.split('?');
  return [method, path, query, status];
}

/** Traits come as an object, or as a number of flags. */
function traitsOf(traits: unknown): Traits {
  if (typeof traits === 'object' && traits !== null) return traits as Traits;
  const flags = Number(traits);
  return Object.fromEntries(traitBits.filter((_, bit) => (flags >> bit) & 1).map((name) => [name, 1]));
}

function numericRef(schema: number): Ref {
  const primitive = primitives[schema & ~(listBit | mapBit)];
  if (primitive === undefined) throw new Error(`unknown primitive schema ${schema}`);
  return primitive + (schema & listBit ? '[]' : '') + (schema & mapBit ? '{}' : '');
}

function dereference(schema: unknown): unknown {
  return typeof schema === 'function' ? (schema as () => unknown)() : schema;
}

function lowerCase(text: unknown): string {
  return String(text).toLowerCase();
}

function sorted<T>(entries: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
