// The JSON protocols 1.0 and 1.1: DynamoDB, CloudWatch Logs, KMS, Secrets Manager, SQS.
import {
  decodeUtf8,
  JsonReaders,
  JsonWriters,
  type ReadJson,
  type ServiceModel,
  type WriteJson,
} from '@pergola/aws-model';
import type { AwsError } from '../aws-error.ts';
import type { AwsTarget } from '../aws-target.ts';
import { jsonError } from '../call-json.ts';
import type { HttpAnswer } from '../transport.ts';
import { CompiledOperations } from './compiled-operations.ts';
import type { OperationCodec, OperationRequest, Values } from './operation-codec.ts';

interface Compiled {
  readonly target: string;
  readonly write: WriteJson | undefined;
  readonly read: ReadJson | undefined;
}

export class JsonCodec implements OperationCodec {
  readonly #contentType: string;
  readonly #operations: CompiledOperations<Compiled>;

  constructor(model: ServiceModel) {
    const writers = new JsonWriters();
    const readers = new JsonReaders({ finite: false });
    this.#contentType = `application/x-amz-json-${model.protocol === 'awsJson1.0' ? '1.0' : '1.1'}`;
    this.#operations = new CompiledOperations(model, (name, { input, output }, shapes) => ({
      target: `${model.target}.${name}`,
      write: input === undefined ? undefined : writers.writer(shapes.structure(input)),
      read: output === undefined ? undefined : readers.reader(shapes.structure(output)),
    }));
  }

  request(operation: string, input: Values): OperationRequest {
    const { target, write } = this.#operations.get(operation);
    return {
      method: 'POST',
      path: '/',
      query: '',
      headers: { 'content-type': this.#contentType, 'x-amz-target': target },
      body: write ? JSON.stringify(write(input)) : '{}',
    };
  }

  hidesError(): boolean {
    return false;
  }

  output(operation: string, { body }: HttpAnswer): Values {
    const { read } = this.#operations.get(operation);
    if (!read) return {};
    const text = decodeUtf8(body) ?? '';
    return read(text.trim() === '' ? {} : JSON.parse(text), 0) as Values;
  }

  errorOf(target: AwsTarget, answer: HttpAnswer): AwsError {
    return jsonError(target, answer);
  }
}
