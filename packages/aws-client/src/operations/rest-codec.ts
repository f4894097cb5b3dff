// S3's protocol: the operation in method, path and query; members in headers; XML or bare bytes as body.
import { type ServiceModel, XmlReaders, XmlWriters } from '@pergola/aws-model';
import { AwsError } from '../aws-error.ts';
import type { AwsTarget } from '../aws-target.ts';
import { xmlError } from '../call-xml.ts';
import { requestIdOf } from '../signed-request.ts';
import type { HttpAnswer } from '../transport.ts';
import { CompiledOperations } from './compiled-operations.ts';
import type { OperationCodec, OperationRequest, Values } from './operation-codec.ts';
import { restAnswerReader } from './rest-answer.ts';
import { RestDocuments } from './rest-document.ts';
import { restRequestWriter } from './rest-request.ts';
interface Compiled {
  readonly request: (input: Values) => OperationRequest;
  readonly output: (answer: HttpAnswer) => Values;
}

export class RestCodec implements OperationCodec {
  readonly #operations: CompiledOperations<Compiled>;

  constructor(model: ServiceModel) {
    const writers = new XmlWriters((date) => date.toISOString());
    const documents = new RestDocuments(writers, model.xmlNamespace);
    const readers = new XmlReaders();
    this.#operations = new CompiledOperations(model, (_name, operation, shapes) => ({
      request: restRequestWriter(operation, shapes, documents),
      output: restAnswerReader(operation, shapes, readers),
    }));
  }

  request(operation: string, input: Values): OperationRequest {
    return this.#operations.get(operation).request(input);
  }

  /** Copies and completed uploads begin their answer before they know how it ends. */
  hidesError({ body }: HttpAnswer): boolean {
    return /^\s*(?:<\?xml[^>]*\?>\s*)?<Error>/.test(body.toString('latin1', 0, 200));
  }

  output(operation: string, answer: HttpAnswer): Values {
    return this.#operations.get(operation).output(answer);
  }

  /** An answer to HEAD has no body: its status is all that there is. */
  errorOf(target: AwsTarget, answer: HttpAnswer): AwsError {
    if (answer.body.length > 0) return xmlError(target, answer);
    const { status } = answer;
    const code = { 403: 'Forbidden', 404: 'NotFound' }[status] ?? `HTTP${status}`;
    const requestId = requestIdOf(answer.headers);
    return new AwsError(status, code, `the answer was HTTP ${status} without a body`, { requestId });
  }
}
