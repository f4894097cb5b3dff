// restXml as S3 speaks it: the operation in method, path and query; members in headers; XML or bare bytes as body.
import { createHash } from 'node:crypto';
import { AwsFault, HeadedFault } from '../fault.ts';
import {
  escapeXml,
  type OperationModel,
  type ServiceModel,
  ShapeGraph,
  type Structure,
  XmlReaders,
  XmlWriters,
} from '@pergola/aws-model';
import { RequiredChecks } from '../model/required.ts';
import type { ServiceName } from '../operation.ts';
import type { FaultOptions, ServiceCodec, WireRequest, WireResponse } from './codec.ts';
import { eventStreamFault, eventStreamOf } from './event-stream.ts';
import { OperationTable } from './operation-table.ts';
import { malformedXml, RestInput } from './rest-input.ts';
import { RestOutput, xmlDeclaration } from './rest-output.ts';
import { RestRouter } from './route-rest.ts';

interface Compiled {
  readonly shape: Structure | undefined;
  readonly input: RestInput | undefined;
  readonly output: RestOutput | undefined;
  readonly status: number;
  readonly head: boolean;
  readonly needsChecksum: boolean;
  readonly eventStream: boolean;
}

export class RestXmlCodec implements ServiceCodec {
  readonly service: ServiceName;
  readonly protocol = 'restXml';
  readonly #model: ServiceModel;
  readonly #operations: OperationTable<Compiled>;
  readonly #router: RestRouter;
  readonly #shapes: ShapeGraph;
  readonly #readers = new XmlReaders();
  readonly #writers = new XmlWriters((date) => date.toISOString());
  readonly #required = new RequiredChecks();

  constructor(service: ServiceName, model: ServiceModel) {
    this.service = service;
    this.#model = model;
    this.#shapes = new ShapeGraph(model);
    this.#router = new RestRouter(model);
    this.#operations = new OperationTable(model, (_, operation) => this.#compile(operation));
  }

  operationNames(): readonly string[] {
    return this.#operations.names;
  }

  route(request: WireRequest): { readonly operation: string } | undefined {
    const operation = this.#router.route(request);
    return operation === undefined ? undefined : { operation };
  }

  unknownOperation(request: WireRequest): AwsFault {
    const subresources = this.#router.subresources(request);
    if (subresources.length > 1) {
      const names = subresources.join(', ');
      return new AwsFault('InvalidArgument', 400, `Conflicting query string parameters: ${names}`);
    }
    const message = 'The specified method is not allowed against this resource.';
    return new AwsFault('MethodNotAllowed', 405, message, { Method: request.method });
  }

  streams(operation: string): boolean {
    return this.#operations.get(operation).input?.streaming ?? false;
  }

  decode(operation: string, request: WireRequest): object {
    const { shape, input, needsChecksum } = this.#operations.get(operation);
    if (!shape || !input) return {};
    if (needsChecksum && !hasChecksum(request.headers)) {
      const message = 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*';
      throw new AwsFault('InvalidRequest', 400, message);
    }
    const value = input.read(request);
    this.#assertRequired(shape, value);
    return value;
  }

  encode(operation: string, output: object, requestId: string): WireResponse {
    const compiled = this.#operations.get(operation);
    if (compiled.eventStream) throw eventStreamFault(operation);
    const headers = headersOf(requestId);
    if (!compiled.output) return { status: compiled.status, headers, body: undefined };
    const fields = output as Readonly<Record<string, unknown>>;
    compiled.output.writeHeaders(fields, headers);
    const { body, contentType } = compiled.output.writeBody(fields);
    if (contentType !== undefined) headers['content-type'] ??= contentType;
    // A part of an object is answered as such, whichever way it was asked for.
    const status = headers['content-range'] === undefined ? compiled.status : 206;
    return { status, headers, body: compiled.head ? undefined : body };
  }

  encodeFault(fault: AwsFault, requestId: string, options: FaultOptions): WireResponse {
    const headers = headersOf(requestId);
    // A 304 has no body; its fields are the validators that RFC 9110 §15.4.5 wants repeated.
    if (fault.status === 304) {
      for (const [name, value] of Object.entries(fault.fields)) headers[name.toLowerCase()] = value;
    }
    if (fault instanceof HeadedFault) Object.assign(headers, fault.headers);
    if (options.head || fault.status === 304) return { status: fault.status, headers, body: undefined };
    headers['content-type'] = 'application/xml';
    const fields = Object.entries({
      Code: fault.code,
      Message: fault.message,
      ...fault.fields,
      ...(options.resource !== undefined && { Resource: options.resource }),
      RequestId: requestId,
      HostId: headers['x-amz-id-2'] ?? '',
    }).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
    return { status: fault.status, headers, body: `${xmlDeclaration}<Error>${fields.join('')}</Error>` };
  }

  #assertRequired(shape: Structure, value: object): void {
    const [missing] = this.#required.missing(shape, value);
    if (missing === undefined) return;
    const member = shape.members.find(({ name }) => name.toLowerCase() === missing.toLowerCase());
    const { header, query, payload } = member?.binding ?? {};
    if (header !== undefined) {
      throw new AwsFault('InvalidRequest', 400, `Missing required header for this request: ${header}`);
    }
    if (query !== undefined) {
      throw new AwsFault('InvalidArgument', 400, `Missing required parameter for this request: ${query}`);
    }
    if (payload) throw new AwsFault('MissingRequestBodyError', 400, 'Request Body is empty');
    throw malformedXml();
  }

  #compile(operation: OperationModel): Compiled {
    const shape = operation.input === undefined ? undefined : this.#shapes.structure(operation.input);
    const output = operation.output === undefined ? undefined : this.#shapes.structure(operation.output);
    const options = { xmlNamespace: this.#model.xmlNamespace, unwrapped: operation.unwrapped === 1 };
    return {
      shape,
      input: shape && new RestInput(shape, this.#readers),
      output: output && new RestOutput(output, this.#writers, options),
      status: operation.http?.[3] ?? 200,
      head: operation.http?.[0] === 'HEAD',
      needsChecksum: operation.checksum === 1,
      eventStream: output !== undefined && eventStreamOf(output) !== undefined,
    };
  }
}

function hasChecksum(headers: WireRequest['headers']): boolean {
  if (headers['content-md5'] !== undefined || headers['x-amz-trailer'] !== undefined) return true;
  return Object.keys(headers).some(
    (name) => name.startsWith('x-amz-checksum-') && name !== 'x-amz-checksum-algorithm',
  );
}

/** S3 names a request twice; the second name is opaque to everyone but AWS. */
function headersOf(requestId: string): Record<string, string> {
  const hostId = createHash('sha512').update(requestId).digest('base64').slice(0, 76);
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId };
}
