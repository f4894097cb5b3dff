// A form in, XML out: STS, IAM, RDS, ElastiCache, and EC2 in its own dialect.
import {
  decodeUtf8,
  parseXml,
  type ReadXml,
  type ServiceModel,
  type XmlElement,
  XmlReaders,
} from '@pergola/aws-model';
import type { AwsError } from '../aws-error.ts';
import type { AwsTarget } from '../aws-target.ts';
import { xmlError } from '../call-xml.ts';
import type { HttpAnswer } from '../transport.ts';
import { CompiledOperations } from './compiled-operations.ts';
import { FormWriters } from './form-write.ts';
import type { OperationCodec, OperationRequest, Values } from './operation-codec.ts';

interface Compiled {
  readonly write: ((form: URLSearchParams, value: unknown) => void) | undefined;
  readonly read: ReadXml | undefined;
}

export class QueryCodec implements OperationCodec {
  readonly #model: ServiceModel;
  readonly #operations: CompiledOperations<Compiled>;

  constructor(model: ServiceModel) {
    this.#model = model;
    const writers = new FormWriters(model.protocol === 'ec2Query' ? 'ec2' : 'query');
    const readers = new XmlReaders();
    this.#operations = new CompiledOperations(model, (_name, { input, output }, shapes) => ({
      write: input === undefined ? undefined : writers.writer(shapes.structure(input)),
      read: output === undefined ? undefined : readers.reader(shapes.structure(output)),
    }));
  }

  request(operation: string, input: Values): OperationRequest {
    const { write } = this.#operations.get(operation);
    const form = new URLSearchParams({ Action: operation, Version: this.#model.version });
    write?.(form, input);
    return {
      method: 'POST',
      path: '/',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: form.toString(),
    };
  }

  hidesError(): boolean {
    return false;
  }

  output(operation: string, { body }: HttpAnswer): Values {
    const { read } = this.#operations.get(operation);
    if (!read) return {};
    const root = parseXml(decodeUtf8(body) ?? '');
    return read(this.#resultOf(root, operation)) as Values;
  }

  /** EC2 has no element around the result. */
  #resultOf(root: XmlElement, operation: string): XmlElement {
    if (this.#model.protocol === 'ec2Query') return root;
    return root.children.find(({ name }) => name === `${operation}Result`) ?? { ...root, children: [] };
  }

  errorOf(target: AwsTarget, answer: HttpAnswer): AwsError {
    return xmlError(target, answer);
  }
}
