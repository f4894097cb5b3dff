// ec2Query: a form in, XML out, as EC2 alone speaks it. It differs from awsQuery in its names (capitalised, lists
// without an element of their own), in its answers (no result element) and in its errors.
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
import { AwsFault } from '../fault.ts';
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
}

export class Ec2QueryCodec implements ServiceCodec {
  readonly service: ServiceName;
  readonly protocol = 'ec2Query';
  readonly #model: ServiceModel;
  readonly #operations: OperationTable<Compiled>;
  /** Operations that AWS has and the model leaves out, each by itself: see `OperationTable.find`. */
  readonly #others: ReadonlyMap<string, string>;
  readonly #shapes: ShapeGraph;
  readonly #readers = new FormReaders('ec2');
  readonly #writers = new XmlWriters(renderDateTime);
  readonly #rules: InputRules;

  constructor(service: ServiceName, model: ServiceModel, rules: InputRules) {
    this.service = service;
    this.#model = model;
    this.#rules = rules;
    this.#shapes = new ShapeGraph(model);
    this.#others = new Map((model.otherOperations ?? []).map((name) => [name, name]));
    this.#operations = new OperationTable(model, (_, operation) => this.#compile(operation));
  }

  operationNames(): readonly string[] {
    return this.#operations.names;
  }

  /** Also operations that the model leaves out; nothing can serve them, so that they are never decoded. */
  route(request: WireRequest): { readonly operation: string } | undefined {
    const action = requestParameter(request, 'Action') ?? '';
    const operation = this.#operations.find(action) ?? this.#others.get(action);
    return operation === undefined ? undefined : { operation };
  }

  unknownOperation(request: WireRequest): AwsFault {
    const action = requestParameter(request, 'Action');
    if (!action) {
      return new AwsFault('MissingAction', 400, 'The request must contain the parameter Action');
    }
    return new AwsFault('InvalidAction', 400, `The action ${action} is not valid for this web service.`);
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
    const { write } = this.#operations.get(operation);
    // Operations without an output say that they did what was asked.
    const content = write ? write(output) : '<return>true</return>';
    const body =
      `<${operation}Response xmlns="${this.#model.xmlNamespace}"><requestId>${escapeXml(requestId)}</requestId>` +
      `${content}</${operation}Response>`;
    return { status: 200, headers: headersOf(requestId), body };
  }

  encodeFault(fault: AwsFault, requestId: string, options: FaultOptions): WireResponse {
    const body =
      `<Response><Errors><Error><Code>${escapeXml(fault.code)}</Code><Message>${escapeXml(fault.message)}</Message>` +
      `</Error></Errors><RequestID>${escapeXml(requestId)}</RequestID></Response>`;
    return { status: fault.status, headers: headersOf(requestId), body: options.head ? undefined : body };
  }

  #compile(operation: OperationModel): Compiled {
    const input = operation.input === undefined ? undefined : this.#shapes.structure(operation.input);
    const output = operation.output === undefined ? undefined : this.#shapes.structure(operation.output);
    return {
      input,
      read: input && this.#readers.reader(input, false),
      write: output && this.#writers.content(output),
    };
  }
}

function headersOf(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId };
}
