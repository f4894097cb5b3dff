// Calls that one service makes to another, as AWS's services do: through the same checks as calls from outside, and on
// record as they are.
import { Readable } from 'node:stream';
import type { PrincipalFacts } from '@pergola/policy';
import type { SessionFacts } from './principal.ts';
import type { ServiceName } from '@pergola/aws-model';
import type { VerifiedBody } from './verified-body.ts';

/** Who calls what, in the shapes of the operation. */
export interface InsideCall {
  /** A service of AWS (`{kind: 'service', service: 'logs.us-east-1.amazonaws.com'}`), or a role's session. */
  readonly as: PrincipalFacts;
  /** Of a role's session. */
  readonly session?: SessionFacts | undefined;
  /** The account and region that the caller works for. */
  readonly account: string;
  readonly region: string;
  readonly service: ServiceName;
  /** Wire name, e.g. `PutObject`. */
  readonly operation: string;
  /** As the codec would have decoded it. */
  readonly input: object;
  /** Condition keys of the caller, e.g. `aws:SourceArn` and `aws:SourceAccount`. */
  readonly context?: Readonly<Record<string, string>> | undefined;
}

/** Makes one such call. Rejects with the AwsFault that a caller from outside would get. */
export type CallInside = (call: InsideCall) => Promise<object>;

/** A body for operations that stream theirs. */
export function bodyOf(bytes: Buffer): VerifiedBody {
  const facts = { announcedBytes: bytes.length, checksums: new Map() };
  return Object.assign(Readable.from(bytes.length > 0 ? [bytes] : []), facts);
}
