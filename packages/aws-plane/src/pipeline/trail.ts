// What is known of one request so far. Every stage adds to it; the record stage files it.
import type { Step } from '@pergola/kernel';
import type { Protocol } from '@pergola/aws-model';
import type { ServiceCodec } from '../codecs/codec.ts';
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
  /** Of what has no codec. */
  service = '';
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
    return new FinishedCall(this, { status, error, sources: this.#sources, omitted: this.#omitted });
  }

  /** ARNs that policies were asked about, in order. */
  get resources(): readonly string[] {
    return this.#resources;
  }
}

interface Ending {
  readonly status: number;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly sources: readonly StepSource[];
  readonly omitted: number;
}

/** A class, because a getter in an object literal makes a new hidden class at each call. */
class FinishedCall implements RecordedCall {
  readonly requestId: string;
  readonly atMs: number;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
  readonly resources: readonly string[];
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly #sources: readonly StepSource[];
  readonly #omitted: number;

  constructor(trail: Trail, { status, error, sources, omitted }: Ending) {
    this.requestId = trail.requestId;
    this.atMs = trail.atMs;
    this.service = trail.codec?.service ?? trail.service;
    this.operation = trail.operation;
    this.principal = trail.principal;
    this.resources = trail.resources;
    this.status = status;
    this.errorCode = error?.code;
    this.errorMessage = error && shortened(error.message);
    this.#sources = sources;
    this.#omitted = omitted;
  }

  get steps(): readonly Step[] {
    const steps = this.#sources.flatMap((source) => ('steps' in source ? source.steps : [source]));
    return this.#omitted === 0 ? steps : [...steps, omission(this.#omitted)];
  }

  /** JSON takes no getters of a class by itself. */
  toJSON(): RecordedCall {
    return Object.assign({ steps: this.steps }, this);
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
