// The public keys of issuers, fetched when first needed and kept for a while: discovery document, then JWKS,
// each checked. One fetch at a time for each issuer, bounded in number, size and time.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Clock, fail, isRecord, LruMap, ok, type Result } from '@pergola/kernel';
import { discoveryUrl } from './issuer-documents.ts';
import { isStrongRsa } from './signing-key.ts';

/** Fetches one document by GET. Must not follow redirects; rejects when the host cannot be reached in time. */
export type FetchDocument = (
  url: string,
  limits: { readonly limitBytes: number; readonly timeoutMs: number },
) => Promise<{ readonly status: number; readonly contentType: string; readonly body: string }>;

/**
 * Why no key was found. `unreachable`: the fetch itself failed (AWS: IDPCommunicationError). All others
 * mean that the issuer answered and its answer will not do (AWS: "Couldn't retrieve verification key…").
 */
export interface KeyFailure {
  readonly reason:
    | 'invalid-issuer'
    | 'unreachable'
    | 'refused'
    | 'bad-discovery'
    | 'issuer-mismatch'
    | 'bad-jwks'
    | 'unknown-key';
  /** One sentence with the values that decided. */
  readonly detail: string;
  /** The document that was asked for. */
  readonly url?: string | undefined;
}

export type KeyLookup = Result<KeyObject, KeyFailure>;

export interface KeyCacheOptions {
  readonly fetch: FetchDocument;
  readonly clock: Clock;
  /** How long keys are used before they are fetched again. Default 60 s. */
  readonly ttlMs?: number;
  /** After a fetch for an unknown key id, how long further unknown ids are answered without one. Default 5 s. */
  readonly cooldownMs?: number;
  /** How long a failure is answered without trying again. Default 1 s. */
  readonly failureMs?: number;
  /** Issuers remembered. Default 256. */
  readonly issuersMax?: number;
  /** Bytes of one document. Default 256 KiB. */
  readonly limitBytes?: number;
  /** For one document. Default 5 s. */
  readonly timeoutMs?: number;
}

export interface KeyCache {
  /** The issuer's key of that id; without an id, its only key. Never rejects. */
  lookup(issuer: string, kid: string | undefined): Promise<KeyLookup>;
  /** Forgets what is known of an issuer. */
  forget(issuer: string): void;
}

type IssuerKeys = Result<ReadonlyMap<string, KeyObject>, KeyFailure>;

interface Entry {
  readonly keys: IssuerKeys;
  readonly fetchedAtMs: number;
}

const keysMax = 100;

export function createKeyCache(options: KeyCacheOptions): KeyCache {
  return new IssuerKeyCache(options);
}

class IssuerKeyCache implements KeyCache {
  readonly #options: Required<KeyCacheOptions>;
  readonly #entries: LruMap<string, Entry>;
  readonly #inFlight = new Map<string, Promise<Entry>>();
  /** When an unknown key id last made us fetch. */
  readonly #soughtAtMs: LruMap<string, number>;

  constructor(options: KeyCacheOptions) {
    const defaults = { ttlMs: 60_000, cooldownMs: 5_000, failureMs: 1_000, issuersMax: 256 };
    this.#options = { ...defaults, limitBytes: 262_144, timeoutMs: 5_000, ...options };
    this.#entries = new LruMap(this.#options.issuersMax);
    this.#soughtAtMs = new LruMap(this.#options.issuersMax);
  }

  async lookup(issuer: string, kid: string | undefined): Promise<KeyLookup> {
    const known = this.#fresh(issuer);
    const entry = known ?? (await this.#fetch(issuer));
    if (!entry.keys.ok) return entry.keys;
    const key = pick(entry.keys.value, kid);
    if (key) return ok(key);
    // A key unknown to a remembered answer may be new: ask once more, but not for every made-up id.
    if (known && this.#maySeek(issuer)) {
      const { keys } = await this.#fetch(issuer);
      if (!keys.ok) return keys;
      const found = pick(keys.value, kid);
      if (found) return ok(found);
    }
    const ids = [...entry.keys.value.keys()].join(', ');
    const named = kid === undefined ? 'no key id' : `key id ${kid}`;
    return fail({ reason: 'unknown-key', detail: `the token has ${named}; ${issuer} has the keys ${ids}` });
  }

  forget(issuer: string): void {
    this.#entries.delete(issuer);
    this.#soughtAtMs.delete(issuer);
  }

  #fresh(issuer: string): Entry | undefined {
    const entry = this.#entries.get(issuer);
    if (!entry) return undefined;
    const lifeMs = entry.keys.ok ? this.#options.ttlMs : this.#options.failureMs;
    return this.#options.clock.nowMs() - entry.fetchedAtMs < lifeMs ? entry : undefined;
  }

  #maySeek(issuer: string): boolean {
    const nowMs = this.#options.clock.nowMs();
    const lastMs = this.#soughtAtMs.get(issuer);
    if (lastMs !== undefined && nowMs - lastMs < this.#options.cooldownMs) return false;
    this.#soughtAtMs.set(issuer, nowMs);
    return true;
  }

  #fetch(issuer: string): Promise<Entry> {
    const running = this.#inFlight.get(issuer);
    if (running) return running;
    const started = this.#load(issuer).finally(() => this.#inFlight.delete(issuer));
    this.#inFlight.set(issuer, started);
    return started;
  }

  async #load(issuer: string): Promise<Entry> {
    const keys = await this.#readKeys(issuer);
    const entry = { keys, fetchedAtMs: this.#options.clock.nowMs() };
    this.#entries.set(issuer, entry);
    return entry;
  }

  async #readKeys(issuer: string): Promise<IssuerKeys> {
    if (!isIssuerUrl(issuer))
      return fail({ reason: 'invalid-issuer', detail: `${issuer} is no https URL without query` });
    const url = discoveryUrl(issuer);
    const discovery = await this.#readJson(url, 'bad-discovery');
    if (!discovery.ok) return discovery;
    const jwksUri = jwksUriOf(discovery.value, issuer, url);
    if (!jwksUri.ok) return jwksUri;
    const jwks = await this.#readJson(jwksUri.value, 'bad-jwks');
    return jwks.ok ? importKeys(jwks.value, jwksUri.value) : jwks;
  }

  async #readJson(url: string, reason: KeyFailure['reason']): Promise<Result<unknown, KeyFailure>> {
    const { fetch, limitBytes, timeoutMs } = this.#options;
    let answer: Awaited<ReturnType<FetchDocument>>;
    try {
      answer = await fetch(url, { limitBytes, timeoutMs });
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      return fail({ reason: 'unreachable', detail: `GET ${url} failed: ${cause}`, url });
    }
    if (answer.status !== 200)
      return fail({ reason: 'refused', detail: `GET ${url} answered ${answer.status}`, url });
    if (answer.body.length > limitBytes)
      return fail({ reason, detail: `${url} is larger than ${limitBytes} bytes`, url });
    try {
      return ok(JSON.parse(answer.body));
    } catch {
      return fail({ reason, detail: `${url} is no JSON`, url });
    }
  }
}

function isIssuerUrl(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, username, password, search, hash } = new URL(issuer);
  return protocol === 'https:' && `${username}${password}${search}${hash}` === '';
}

/** The JWKS address, if the document is the issuer's own and points to the issuer's own host. */
function jwksUriOf(document: unknown, issuer: string, url: string): Result<string, KeyFailure> {
  if (!isRecord(document)) return fail({ reason: 'bad-discovery', detail: `${url} is no JSON object`, url });
  if (document['issuer'] !== issuer) {
    const detail = `${url} says that the issuer is ${String(document['issuer'])}, not ${issuer}`;
    return fail({ reason: 'issuer-mismatch', detail, url });
  }
  const uri = document['jwks_uri'];
  const own = typeof uri === 'string' && isIssuerUrl(uri) && new URL(uri).host === new URL(issuer).host;
  if (own) return ok(uri);
  return fail({
    reason: 'bad-discovery',
    detail: `the jwks_uri of ${url} is no https URL on the issuer's host`,
    url,
  });
}

function importKeys(jwks: unknown, url: string): IssuerKeys {
  const listed = isRecord(jwks) ? jwks['keys'] : undefined;
  if (!Array.isArray(listed)) return fail({ reason: 'bad-jwks', detail: `${url} has no list of keys`, url });
  if (listed.length > keysMax)
    return fail({ reason: 'bad-jwks', detail: `${url} has more than ${keysMax} keys`, url });
  const keys = new Map<string, KeyObject>();
  for (const jwk of listed) {
    const key = importKey(jwk);
    if (key) keys.set(isRecord(jwk) && typeof jwk['kid'] === 'string' ? jwk['kid'] : '', key);
  }
  if (keys.size > 0) return ok(keys);
  return fail({ reason: 'bad-jwks', detail: `${url} has no RSA key for RS256 signatures`, url });
}

/** Keys of other kinds or uses are passed over: an issuer may have them for others. */
function importKey(jwk: unknown): KeyObject | undefined {
  if (!isRecord(jwk) || jwk['kty'] !== 'RSA') return undefined;
  const { use = 'sig', alg = 'RS256', n, e } = jwk;
  if (use !== 'sig' || alg !== 'RS256' || typeof n !== 'string' || typeof e !== 'string') return undefined;
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    return isStrongRsa(key) ? key : undefined;
  } catch {
    // What OpenSSL cannot read as a key cannot verify anything; the others in the list still may.
    return undefined;
  }
}

function pick(keys: ReadonlyMap<string, KeyObject>, kid: string | undefined): KeyObject | undefined {
  if (kid !== undefined) return keys.get(kid);
  return keys.size === 1 ? keys.values().next().value : undefined;
}
