// An error answer as Kubernetes gives it: the Status object. Thrown below the handlers, serialised at the border.

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** A failure Status. Built only by the functions of the catalogue in `faults.ts`. */
export class KubeStatus extends Error {
  override readonly name = 'KubeStatus';
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** ListMeta of the Status: an expired list hands out its inconsistent `continue` token here. */
  metadata: { readonly continue?: string } | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The same Status with a token to go on with. */
  withContinue(token: string): this {
    this.metadata = { continue: token };
    return this;
  }
}
