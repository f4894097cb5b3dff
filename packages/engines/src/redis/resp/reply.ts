// What commands answer, before it is bytes of RESP2 or RESP3.

/** A short text that is no bulk string, e.g. `OK`. */
export class Status {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An error answer. The text begins with its code, e.g. `WRONGTYPE …`. Thrown or answered. */
export class RedisFault extends Error {
  override readonly name = 'RedisFault';
}

/** Pairs: a map in RESP3, a flat array in RESP2. */
export class Pairs {
  readonly pairs: readonly (readonly [Reply, Reply])[];
  constructor(pairs: readonly (readonly [Reply, Reply])[]) {
    this.pairs = pairs;
  }
}

/** A set in RESP3, an array in RESP2. */
export class Members {
  readonly members: readonly Reply[];
  constructor(members: readonly Reply[]) {
    this.members = members;
  }
}

/** A float: a double in RESP3, a bulk string in RESP2. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** What comes without having been asked for: a push in RESP3, an array in RESP2. */
export class Push {
  readonly items: readonly Reply[];
  constructor(items: readonly Reply[]) {
    this.items = items;
  }
}

/** Several answers to one command, as SUBSCRIBE has them. */
export class Several {
  readonly replies: readonly Reply[];
  constructor(replies: readonly Reply[]) {
    this.replies = replies;
  }
}

/** Text for people: verbatim in RESP3. */
export class Verbatim {
  readonly format = 'txt';
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** No array, as against no string (`null`). */
export const NO_ARRAY = Symbol('no array');
export const OK = new Status('OK');
export const QUEUED = new Status('QUEUED');
export const PONG = new Status('PONG');

export type Reply =
  | string
  | number
  | bigint
  | boolean
  | null
  | typeof NO_ARRAY
  | Status
  | RedisFault
  | Pairs
  | Members
  | Double
  | Push
  | Several
  | Verbatim
  | readonly Reply[];

const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value';

/** The errors that many commands share. */
export const faults = {
  wrongType: () => new RedisFault(wrongType),
  syntax: () => new RedisFault('ERR syntax error'),
  notInteger: () => new RedisFault('ERR value is not an integer or out of range'),
  notFloat: () => new RedisFault('ERR value is not a valid float'),
  outOfRange: () => new RedisFault('ERR value is out of range'),
  noSuchKey: () => new RedisFault('ERR no such key'),
  arity: (name: string) => new RedisFault(`ERR wrong number of arguments for '${name}' command`),
  error: (text: string) => new RedisFault(`ERR ${text}`),
};
