// What is known of one request so far. Every stage adds to it; the record stage files it.
import type { Step } from '@pergola/kernel';
import type { Protocol, ServiceCodec } from '../codecs/codec.ts';
import type { RecordedCall } from '../records.ts';

/** A Step, or a Verdict whose Steps are built when they are read. */
export type StepSource = Step | { readonly steps: readonly Step[] };

/** Checks of one call that are kept: an operation may make a thousand, one for each object that it deletes. */
const SOURCES_MAX = 100;
const RESOURCES_MAX = 100;
/** A message may repeat the value that it complains about, and that may be a megabyte. */
const MESSAGE_CHARS_MAX = 2_048;

/** What a call keeps in memory beside the strings that are counted: measured, about. */
const CALL_BYTES = 1_000;
const SOURCE_BYTES = 1_500;

/** Grows along the pipeline. */
export class Trail {
  requestId = '';
  codec: ServiceCodec | undefined;
  operation = '';
  principal = 'anonymous';
  readonly atMs: number;
  readonly #resources: string[] = [];
  readonly #sources: StepSource[] = [];
  #omitted = 0;
  #sizeBytes: number;

  /** `headChars`: length of the request's head, which the steps may quote. */
  constructor(atMs: number, headChars = 0) {
    this.atMs = atMs;
    this.#sizeBytes = CALL_BYTES + 2 * headChars;
  }

  /** About what the record keeps in memory. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get protocol(): Protocol {
    return this.codec?.protocol ?? 'restXml';
  }

  /** Counts a text of the request from which the record may keep pieces, and with a piece all of it. */
  keep(chars: number): void {
    this.#sizeBytes += chars;
  }

  add(source: StepSource): void {
    if (this.#sources.length === SOURCES_MAX) {
      this.#omitted++;
      return;
    }
    this.#sources.push(source);
    this.#sizeBytes += SOURCE_BYTES;
  }

  addResource(arn: string): void {
    if (this.#resources.length === RESOURCES_MAX) return;
    this.#resources.push(arn);
    this.#sizeBytes += 2 * arn.length;
  }

  /** The finished record. */
  close(status: number, error?: { readonly code: string; readonly message: string }): RecordedCall {
    const sources = this.#sources;
    const omitted = this.#omitted;
    return {
      requestId: this.requestId,
      atMs: this.atMs,
      service: this.codec?.service ?? '',
      operation: this.operation,
      principal: this.principal,
      resources: this.#resources,
      status,
      errorCode: error?.code,
      errorMessage: error && shortened(error.message),
      get steps() {
        const steps = sources.flatMap((source) => ('steps' in source ? source.steps : [source]));
        return omitted === 0 ? steps : [...steps, omission(omitted)];
      },
    };
  }
}

function omission(count: number): Step {
  return {
    check: 'record.omitted',
    outcome: 'unknown',
    because: `${count} more checks of this call were made and are not recorded`,
  };
}

/** A copy: a mere slice would keep the whole text alive. */
function shortened(message: string): string {
  if (message.length <= MESSAGE_CHARS_MAX) return message;
  return `${Buffer.from(message.slice(0, MESSAGE_CHARS_MAX)).toString()}…`;
}
