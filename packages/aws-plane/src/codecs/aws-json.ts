// awsJson 1.0 and 1.1: JSON both ways, the operation in X-Amz-Target. DynamoDB and CloudWatch Logs speak them.
import { crc32 } from 'node:zlib';
import { assert } from '@pergola/kernel';
import { AwsFault, DetailedFault } from '../fault.ts';
import {
  decodeUtf8,
  JsonReaders,
  JsonShapeError,
  JsonWriters,
  type OperationModel,
  type ReadJson,
  type ServiceModel,
  ShapeGraph,
  type Structure,
  type WriteJson,
} from '@pergola/aws-model';
import type { InputRules } from '../model/input-rules.ts';
import type { ServiceName } from '../operation.ts';
import type { FaultOptions, ServiceCodec, WireRequest, WireResponse } from './codec.ts';
import { EVENT_STREAM_TYPE } from './event-message.ts';
import { EventStreamWriter, eventStreamOf } from './event-stream.ts';
import { OperationTable } from './operation-table.ts';

interface Compiled {
  readonly input: Structure | undefined;
  readonly read: ReadJson | undefined;
  readonly write: WriteJson | undefined;
  /** Absent where the answer is one document. */
  readonly events: EventStreamWriter | undefined;
}

/** Namespaces that DynamoDB writes before its error names; Logs writes the bare name. */
const dynamoPrefixes = { modelled: 'com.amazonaws.dynamodb.v20120810#', other: 'com.amazon.coral.service#' };
const typePrefixes: Readonly<Record<string, typeof dynamoPrefixes>> = {
  dynamodb: dynamoPrefixes,
  dynamodbstreams: dynamoPrefixes,
};

export class AwsJsonCodec implements ServiceCodec {
  readonly service: ServiceName;
  readonly protocol: 'awsJson1.0' | 'awsJson1.1';
  readonly #model: ServiceModel;
  readonly #operations: OperationTable<Compiled>;
  readonly #shapes: ShapeGraph;
  readonly #readers: JsonReaders;
  readonly #writers = new JsonWriters();
  readonly #rules: InputRules;

  constructor(service: ServiceName, model: ServiceModel, rules: InputRules) {
    this.service = service;
    this.protocol = model.protocol === 'awsJson1.0' ? 'awsJson1.0' : 'awsJson1.1';
    this.#model = model;
    this.#rules = rules;
    this.#readers = new JsonReaders({ finite: service === 'logs' });
    this.#shapes = new ShapeGraph(model);
    this.#operations = new OperationTable(model, (_, operation) => this.#compile(operation));
  }

  operationNames(): readonly string[] {
    return this.#operations.names;
  }

  route(request: WireRequest): { readonly operation: string } | undefined {
    const [prefix, name, ...rest] = (request.headers['x-amz-target'] ?? '').split('.');
    if (prefix !== this.#model.target || name === undefined || rest.length > 0) return undefined;
    const operation = this.#operations.find(name);
    return operation === undefined ? undefined : { operation };
  }

  unknownOperation(): AwsFault {
    return new AwsFault('UnknownOperationException', 400, '');
  }

  streams(): boolean {
    return false;
  }

  decode(operation: string, request: WireRequest): object {
    const { input, read } = this.#operations.get(operation);
    const json = parseBody(request);
    if (!input || !read) return {};
    const value = readAs(read, json);
    this.#rules.assertValid(input, value);
    return value;
  }

  encode(operation: string, output: object, requestId: string): WireResponse {
    const { write, events } = this.#operations.get(operation);
    const headers = this.#headers(requestId);
    if (events) {
      headers['content-type'] = EVENT_STREAM_TYPE;
      return { status: 200, headers, body: events.open(output) };
    }
    return this.#sealed(200, headers, write ? JSON.stringify(write(output)) : '{}');
  }

  encodeFault(fault: AwsFault, requestId: string, options: FaultOptions): WireResponse {
    const modelled = this.#model.errors[fault.code];
    const prefix = typePrefixes[this.service]?.[modelled ? 'modelled' : 'other'] ?? '';
    const body: Record<string, string> = { __type: prefix + fault.code };
    if (fault.message !== '') body[modelled?.[2] ?? 'message'] = fault.message;
    const details = fault instanceof DetailedFault ? fault.details : undefined;
    const text = JSON.stringify({ ...body, ...fault.fields, ...details });
    const headers = this.#headers(requestId);
    return options.head
      ? { status: fault.status, headers, body: undefined }
      : this.#sealed(fault.status, headers, text);
  }

  /** DynamoDB's clients hold its answers to their checksum. */
  #sealed(status: number, headers: Record<string, string>, text: string): WireResponse {
    if (typePrefixes[this.service] === undefined) return { status, headers, body: text };
    headers['x-amz-crc32'] = String(crc32(text));
    return { status, headers, body: text };
  }

  #eventsOf(output: Structure): EventStreamWriter | undefined {
    const stream = eventStreamOf(output);
    if (!stream) return undefined;
    const { errors } = this.#model;
    return new EventStreamWriter(output, stream, {
      writers: this.#writers,
      contentType: this.#contentType,
      isError: (shape) => Object.hasOwn(errors, shape),
    });
  }

  get #contentType(): string {
    return `application/x-amz-json-${this.protocol === 'awsJson1.0' ? '1.0' : '1.1'}`;
  }

  #headers(requestId: string): Record<string, string> {
    return {
      'content-type': this.#contentType,
      'x-amzn-requestid': requestId,
    };
  }

  #compile(operation: OperationModel): Compiled {
    const input = operation.input === undefined ? undefined : this.#shapes.structure(operation.input);
    const output = operation.output === undefined ? undefined : this.#shapes.structure(operation.output);
    return {
      input,
      read: input && this.#readers.reader(input),
      write: output && this.#writers.writer(output),
      events: output && this.#eventsOf(output),
    };
  }
}

function parseBody(request: WireRequest): unknown {
  assert(Buffer.isBuffer(request.body), 'an awsJson request is buffered');
  const text = decodeUtf8(request.body);
  if (text === '') return {};
  try {
    if (text !== undefined) return JSON.parse(text);
  } catch {
    // Broken JSON and broken UTF-8 get the same answer.
  }
  throw new AwsFault('SerializationException', 400, 'Unexpected token received from parser');
}

function readAs(read: ReadJson, json: unknown): object {
  try {
    return read(json, 0) as object;
  } catch (error) {
    if (error instanceof JsonShapeError) throw new AwsFault('SerializationException', 400, error.message);
    throw error;
  }
}
