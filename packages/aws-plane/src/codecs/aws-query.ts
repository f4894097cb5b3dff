// awsQuery: a form in, XML out. STS, IAM, RDS and ElastiCache speak it.
import { AwsFault } from '../fault.ts';
import {
  escapeXml,
  type OperationModel,
  renderDateTime,
  type ServiceModel,
  ShapeGraph,
  type Structure,
  type WriteXml,
  XmlWriters,
} from '@pergola/aws-model';
import type { InputRules } from '../model/input-rules.ts';
import type { ServiceName } from '../operation.ts';
import type { FaultOptions, ServiceCodec, WireRequest, WireResponse } from './codec.ts';
import { FormReaders, type ReadForm } from './form-read.ts';
import { requestForm, requestParameter } from './form-request.ts';
import { OperationTable } from './operation-table.ts';

interface Compiled {
  readonly input: Structure | undefined;
  readonly read: ReadForm | undefined;
  readonly write: WriteXml | undefined;
  readonly responseStart: string;
  readonly responseEnd: string;
}

export class AwsQueryCodec implements ServiceCodec {
  readonly service: ServiceName;
  readonly protocol = 'awsQuery';
  readonly #model: ServiceModel;
  readonly #operations: OperationTable<Compiled>;
  readonly #shapes: ShapeGraph;
  readonly #readers = new FormReaders('aws');
  readonly #writers = new XmlWriters(renderDateTime);
  readonly #rules: InputRules;

  constructor(service: ServiceName, model: ServiceModel, rules: InputRules) {
    this.service = service;
    this.#model = model;
    this.#rules = rules;
    this.#shapes = new ShapeGraph(model);
    this.#operations = new OperationTable(model, (name, operation) => this.#compile(name, operation));
  }

  operationNames(): readonly string[] {
    return this.#operations.names;
  }

  route(request: WireRequest): { readonly operation: string } | undefined {
    const operation = this.#operations.find(requestParameter(request, 'Action') ?? '');
    const version = requestParameter(request, 'Version');
    if (operation === undefined) return undefined;
    return version === undefined || version === this.#model.version ? { operation } : undefined;
  }

  unknownOperation(request: WireRequest): AwsFault {
    const action = requestParameter(request, 'Action');
    if (!action) {
      return new AwsFault('MissingAction', 400, 'The request is missing an action or a required parameter.');
    }
    const version = requestParameter(request, 'Version') ?? this.#model.version;
    return new AwsFault('InvalidAction', 400, `Could not find operation ${action} for version ${version}`);
  }

  streams(): boolean {
    return false;
  }

  decode(operation: string, request: WireRequest): object {
    const { input, read } = this.#operations.get(operation);
    if (!input || !read) return {};
    const value = read(requestForm(request)) as object;
    this.#rules.assertValid(input, value);
    return value;
  }

  encode(operation: string, output: object, requestId: string): WireResponse {
    const { responseStart, write, responseEnd } = this.#operations.get(operation);
    const id = escapeXml(requestId);
    const body = `${responseStart}${write ? write(output) : ''}${responseEnd}${id}${responseTail(operation)}`;
    return { status: 200, headers: headersOf(requestId), body };
  }

  encodeFault(fault: AwsFault, requestId: string, options: FaultOptions): WireResponse {
    const type = fault.status < 500 ? 'Sender' : 'Receiver';
    const fields = Object.entries(fault.fields).map(
      ([name, value]) => `<${name}>${escapeXml(value)}</${name}>`,
    );
    const body =
      `<ErrorResponse xmlns="${this.#model.xmlNamespace}"><Error><Type>${type}</Type>` +
      `<Code>${escapeXml(fault.code)}</Code><Message>${escapeXml(fault.message)}</Message>${fields.join('')}` +
      `</Error><RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`;
    return { status: fault.status, headers: headersOf(requestId), body: options.head ? undefined : body };
  }

  #compile(name: string, operation: OperationModel): Compiled {
    const input = operation.input === undefined ? undefined : this.#shapes.structure(operation.input);
    const output = operation.output === undefined ? undefined : this.#shapes.structure(operation.output);
    return {
      input,
      read: input && this.#readers.reader(input, false),
      write: output && this.#writers.content(output),
      responseStart: `<${name}Response xmlns="${this.#model.xmlNamespace}">${output ? `<${name}Result>` : ''}`,
      responseEnd: `${output ? `</${name}Result>` : ''}<ResponseMetadata><RequestId>`,
    };
  }
}

function responseTail(operation: string): string {
  return `</RequestId></ResponseMetadata></${operation}Response>`;
}

function headersOf(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}
