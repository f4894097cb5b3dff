// Everything that the controller calls AWS with: whose credentials, how fast, how often again, and what is counted.
import {
  assumedRoleCredentials,
  AwsError,
  type AwsTarget,
  callOperation,
  callQuery,
  type CredentialSource,
  isThrottling,
  isTransient,
  type OperationAnswer,
  type OperationCall,
  xmlTexts,
} from '@pergola/aws-client';
import { type Clock, LruMap, type Random } from '@pergola/kernel';
import type { AwsCall, Kind } from '../../kind/kind.ts';
import type { Counters } from '../counters.ts';
import { serviceOf } from '../names.ts';
import { CallPace } from './call-pace.ts';
import { isRead, operationTypeOf } from './operation-type.ts';

const sessionsMax = 500;
const triesMax = 5;
const defaultRate = 200;

/** Makes one signed call; `callOperation` of aws-client unless a test brings another. */
export type CallAws = (target: AwsTarget, call: OperationCall) => Promise<OperationAnswer>;

export interface AwsAccessOptions {
  /** Whose credentials role sessions are assumed with, where AWS is, and the region of STS. */
  readonly target: AwsTarget & { readonly credentials: CredentialSource };
  readonly callAws?: CallAws | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly counters: Counters;
  /** At most, to one service in one region; AWS's throttling lowers it. Default 200. */
  readonly callsPerSecond?: number | undefined;
}

/** For whom and where a resource's calls are made. */
export interface Destination {
  readonly region: string;
  readonly endpoint: string | undefined;
  /** Absent: with the controller's own credentials. */
  readonly roleArn: string | undefined;
}

export interface Caller {
  readonly account: string;
  readonly partition: string;
}

/** Told of each call that may have changed something. */
export type NoteCall = (operation: string, error: AwsError | undefined) => void;

export class AwsAccess {
  readonly #options: AwsAccessOptions;
  readonly #sessions = new LruMap<string, CredentialSource>(sessionsMax);
  readonly #paces = new LruMap<string, CallPace>(sessionsMax);
  #caller: Promise<Caller> | undefined;

  constructor(options: AwsAccessOptions) {
    this.#options = options;
  }

  /** The account of the controller's own credentials. Asked once; a failure is asked again. Rejects with AwsError. */
  caller(): Promise<Caller> {
    this.#caller ??= this.#identify().catch((error: unknown) => {
      this.#caller = undefined;
      throw error;
    });
    return this.#caller;
  }

  /** The call with which a resource of `kind` is read and changed. */
  callFor(kind: Kind, destination: Destination, note: NoteCall): AwsCall {
    const target = this.#targetOf(destination);
    const pace = this.#paceOf(`${kind.service}/${destination.region}/${destination.roleArn ?? ''}`);
    return async (operation, input) => {
      try {
        const output = await this.#tryCall(kind, pace, { target, operation, input });
        if (!isRead(operation)) note(operation, undefined);
        return output;
      } catch (error) {
        if (error instanceof AwsError && !isRead(operation)) note(operation, error);
        throw error;
      }
    };
  }

  async #tryCall(kind: Kind, pace: CallPace, once: OneCall): Promise<OperationAnswer['output']> {
    const { clock, random, counters, callAws = callOperation } = this.#options;
    const { operation, input, target } = once;
    for (let attempt = 1; ; attempt++) {
      await pace.take();
      counters.requested(serviceOf(kind), operationTypeOf(operation), operation);
      try {
        const { output } = await callAws(target, { service: kind.service, operation, input });
        pace.succeeded();
        return output;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        counters.refused(serviceOf(kind), operation, error.status);
        const throttled = isThrottling(error);
        if (throttled) pace.throttled();
        // A change whose answer was lost may have been made: the next reconciliation looks before it tries again.
        // Where no answer came in all the time that there was, others of the service shall have their turn first.
        const isWorthIt = isTransient(error) && error.code !== 'TimeoutError';
        const again = throttled || (isRead(operation) && isWorthIt);
        if (!again || attempt === triesMax) throw error;
        await clock.sleep(error.retryAfterMs ?? 100 * 2 ** attempt * (0.5 + random.fraction()));
      }
    }
  }

  #targetOf({ region, endpoint, roleArn }: Destination): AwsTarget {
    const { target } = this.#options;
    const credentials = roleArn === undefined ? target.credentials : this.#sessionOf(roleArn);
    return { ...target, region, credentials, endpoint: endpoint ?? target.endpoint };
  }

  #sessionOf(roleArn: string): CredentialSource {
    const known = this.#sessions.get(roleArn);
    if (known) return known;
    const { target, clock, random } = this.#options;
    const source = assumedRoleCredentials(
      { ...target, clock, random },
      { source: target.credentials, roleArn, sessionName: 'pergola-ack' },
    );
    this.#sessions.set(roleArn, source);
    return source;
  }

  #paceOf(name: string): CallPace {
    const known = this.#paces.get(name);
    if (known) return known;
    const pace = new CallPace(this.#options.clock, this.#options.callsPerSecond ?? defaultRate);
    this.#paces.set(name, pace);
    return pace;
  }

  async #identify(): Promise<Caller> {
    const { target } = this.#options;
    const query = { service: 'sts', action: 'GetCallerIdentity', version: '2011-06-15', parameters: {} };
    const xml = await callQuery(target, query);
    const [account] = xmlTexts(xml, 'Account');
    const [arn = ''] = xmlTexts(xml, 'Arn');
    if (!account) throw new AwsError(200, 'InvalidAnswer', 'GetCallerIdentity answered without an account');
    return { account, partition: arn.split(':')[1] || 'aws' };
  }
}

interface OneCall {
  readonly target: AwsTarget;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}
