// One call on its way through the pipeline, as handlers see it.
import type { Step } from '@pergola/kernel';
import type { AccessCheck } from './access-check.ts';
import type { AwsFault } from './fault.ts';
import type { PlaneContext } from './plane-context.ts';
import type { Principal } from './principal.ts';

/** Handed to every handler. Handlers never see the HTTP request or response. */
export interface Call {
  readonly requestId: string;
  /** The account that the call acts in: the caller's, or the role's for web identity. 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly principal: Principal;
  readonly nowMs: number;
  readonly plane: PlaneContext;
  /** Facts of the transport, for condition keys and answers. */
  readonly transport: Transport;
  /** Records a check for the audit trail and for `explain`. */
  record(step: Step): void;
  /**
   * Asks the authorize stage about one more thing, for operations that answer item by item (S3's DeleteObjects).
   * Returns the fault that a denial would be, or undefined when it is allowed.
   */
  denialOf(check: AccessCheck): AwsFault | undefined;
}

export interface Transport {
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly secure: boolean;
  /** The Host header, e.g. `127.0.0.1:4566` or `bucket.s3.us-east-1.amazonaws.com`. */
  readonly host: string;
}
