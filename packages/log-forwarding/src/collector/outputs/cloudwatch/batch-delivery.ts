// One try to deliver one batch, and what follows from how it went.
import { AwsError } from '@pergola/aws-client';
import type { Clock } from '@pergola/kernel';
import type { DeliveryFailure } from '../../../config/delivery-report.ts';
import { failureOf } from './failure.ts';
import { CreationError, type LogTargets } from './log-targets.ts';
import type { LogsApi, Rejections } from './logs-api.ts';
import { type Session, SessionError } from './session.ts';

export type Outcome =
  | { readonly kind: 'delivered'; readonly rejections: Rejections }
  /** AWS will never take this body as it is. */
  | { readonly kind: 'invalid'; readonly error: AwsError }
  | {
      readonly kind: 'failed';
      readonly error: AwsError;
      readonly failure: DeliveryFailure;
      readonly isUncertain: boolean;
    };

export interface DeliveryContext {
  readonly api: LogsApi;
  readonly targets: LogTargets;
  readonly session: Session;
  readonly clock: Clock;
}

export interface Delivery {
  readonly group: string;
  readonly stream: string;
  readonly body: Buffer;
  readonly events: number;
}

/** Sends a batch, making its group and stream when they are missing. Never throws but for bugs and aborts. */
export async function deliver(context: DeliveryContext, delivery: Delivery): Promise<Outcome> {
  try {
    return { kind: 'delivered', rejections: await put(context, delivery) };
  } catch (error) {
    if (error instanceof AwsError && error.code === 'DataAlreadyAcceptedException') {
      return { kind: 'delivered', rejections: {} };
    }
    if (error instanceof AwsError && isInvalid(error)) return { kind: 'invalid', error };
    return await failed(context, error);
  }
}

async function put(context: DeliveryContext, { group, stream, body, events }: Delivery): Promise<Rejections> {
  const { api, targets, session } = context;
  // Asked for here, so that a session that cannot be had is told from a call that was denied.
  await session.credentials.get();
  try {
    return await api.putLogEvents(body, events);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    await targets.create(group, stream);
    return await api.putLogEvents(body, events);
  }
}

/** Not a matter of time: the same body would be refused again. */
function isInvalid({ code, status }: AwsError): boolean {
  return code === 'InvalidParameterException' || status === 413;
}

async function failed({ session, clock }: DeliveryContext, thrown: unknown): Promise<Outcome> {
  const { error, operation, roleArn } = origin(thrown);
  if (!error) throw thrown;
  const failure = failureOf(error, {
    since: new Date(clock.nowMs()).toISOString(),
    operation,
    roleArn: roleArn ?? session.roleArn,
    claims: operation.startsWith('sts:') ? await session.claims() : undefined,
  });
  // Without a whole answer nobody knows whether the events were taken.
  const isUncertain =
    operation === 'logs:PutLogEvents' && (error.status === 0 || error.status < 300 || error.status >= 500);
  return { kind: 'failed', error, failure, isUncertain };
}

function origin(thrown: unknown): {
  readonly error: AwsError | undefined;
  readonly operation: string;
  readonly roleArn?: string | undefined;
} {
  if (thrown instanceof SessionError || thrown instanceof CreationError) return thrown;
  return { error: thrown instanceof AwsError ? thrown : undefined, operation: 'logs:PutLogEvents' };
}
