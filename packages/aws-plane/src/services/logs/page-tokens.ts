// The tokens of pages: opaque, sealed so that a client cannot make one up, good for a day and for one purpose.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, Json } from '@pergola/kernel';
import type { Place } from '@pergola/log-store';

const TOKEN_MS_MAX = 24 * 3_600_000;
const SEAL_BYTES = 12;
const TIME_DIGITS = 14;
const SEQUENCE_DIGITS = 16;
const ISSUED_DIGITS = 10;
const SEAL_DIGITS = 16;
const SEAL_MODULUS = 10n ** BigInt(SEAL_DIGITS);
const STREAM_TOKEN = new RegExp(
  `^([fb])/(\\d{${TIME_DIGITS}})(\\d{${SEQUENCE_DIGITS}})(\\d{${ISSUED_DIGITS}})(\\d{${SEAL_DIGITS}})/s$`,
);

/** Where GetLogEvents goes on: behind `place` forwards, before it backwards. */
export interface StreamPosition {
  readonly direction: 'forward' | 'backward';
  readonly place: Place;
}

/** Makes and reads tokens. `scope` says what a token is for; a token of another scope is invalid. */
export class PageTokens {
  readonly #key: Buffer;
  readonly #clock: Clock;

  constructor(key: Buffer, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /** A token that holds `value`. */
  seal(scope: string, value: Json): string {
    const body = Buffer.from(JSON.stringify([this.#clock.nowMs(), value]));
    return Buffer.concat([this.#sealOf(scope, body), body]).toString('base64url');
  }

  /** What `seal` was given; undefined when the token is not ours, not for `scope`, or too old. */
  open(scope: string, token: string): Json | undefined {
    const bytes = Buffer.from(token, 'base64url');
    const body = bytes.subarray(SEAL_BYTES);
    if (body.length === 0 || !timingSafeEqual(this.#sealOf(scope, body), bytes.subarray(0, SEAL_BYTES)))
      return undefined;
    const [issuedMs, value] = JSON.parse(body.toString()) as [number, Json];
    return this.#isFresh(issuedMs) ? value : undefined;
  }

  /** The form that GetLogEvents gives: `f/` or `b/`, 56 digits, `/s`. */
  sealStream(scope: string, { direction, place }: StreamPosition): string {
    const head =
      String(place.timestampMs).padStart(TIME_DIGITS, '0') +
      // A place before all events of its instant has the sequence -1.
      String(place.sequence + 1).padStart(SEQUENCE_DIGITS, '0') +
      String(Math.floor(this.#clock.nowMs() / 1_000)).padStart(ISSUED_DIGITS, '0');
    const letter = direction === 'forward' ? 'f' : 'b';
    return `${letter}/${head}${this.#digits(scope, letter + head)}/s`;
  }

  openStream(scope: string, token: string): StreamPosition | undefined {
    const [, letter, time = '', sequence = '', issued = '', seal] = STREAM_TOKEN.exec(token) ?? [];
    if (letter === undefined || seal === undefined) return undefined;
    const wanted = this.#digits(scope, letter + time + sequence + issued);
    if (!timingSafeEqual(Buffer.from(wanted), Buffer.from(seal))) return undefined;
    if (!this.#isFresh(Number(issued) * 1_000)) return undefined;
    const place = { timestampMs: Number(time), sequence: Number(sequence) - 1 };
    return { direction: letter === 'f' ? 'forward' : 'backward', place };
  }

  #isFresh(issuedMs: number): boolean {
    return this.#clock.nowMs() - issuedMs <= TOKEN_MS_MAX;
  }

  #hmac(scope: string, body: string | Buffer): Buffer {
    return createHmac('sha256', this.#key).update(`${scope.length}:${scope}`).update(body).digest();
  }

  #sealOf(scope: string, body: Buffer): Buffer {
    return this.#hmac(scope, body).subarray(0, SEAL_BYTES);
  }

  #digits(scope: string, body: string): string {
    const seal = this.#hmac(scope, body).readBigUInt64BE() % SEAL_MODULUS;
    return String(seal).padStart(SEAL_DIGITS, '0');
  }
}
