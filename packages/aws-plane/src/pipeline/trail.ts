// What is known of one request so far. Every stage adds to it; the record stage files it.
import type { Step } from '@pergola/kernel';
import type { Protocol, ServiceCodec } from '../codecs/codec.ts';
import type { RecordedCall } from '../records.ts';

/** A Step, or a Verdict whose Steps are built when they are read. */
export type StepSource = Step | { readonly steps: readonly Step[] };

/** Grows along the pipeline. */
export class Trail {
  requestId = '';
  codec: ServiceCodec | undefined;
  operation = '';
  principal = 'anonymous';
  readonly atMs: number;
  readonly #resources: string[] = [];
  readonly #sources: StepSource[] = [];

  constructor(atMs: number) {
    this.atMs = atMs;
  }

  get protocol(): Protocol {
    return this.codec?.protocol ?? 'restXml';
  }

  add(source: StepSource): void {
    this.#sources.push(source);
  }

  addResource(arn: string): void {
    if (this.#resources.length < 100) this.#resources.push(arn);
  }

  /** The finished record. */
  close(status: number, error?: { readonly code: string; readonly message: string }): RecordedCall {
    const sources = this.#sources;
    return {
      requestId: this.requestId,
      atMs: this.atMs,
      service: this.codec?.service ?? '',
      operation: this.operation,
      principal: this.principal,
      resources: this.#resources,
      status,
      errorCode: error?.code,
      errorMessage: error?.message,
      get steps() {
        return sources.flatMap((source) => ('steps' in source ? source.steps : [source]));
      },
    };
  }
}
