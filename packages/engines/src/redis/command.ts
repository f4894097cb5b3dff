// A command as a value: what it is called, how many arguments it takes, which of them are keys, and what it does.
import type { Answer } from './answer.ts';
import type { Session } from './session.ts';

/**
 * `write` changes keys · `readonly` reads them · `denyoom` needs memory · `fast` and `blocking` only describe ·
 * `admin` and `dangerous` are for operators · `open` needs no login · `early` is not queued by MULTI · `quiet` may be
 * used by a RESP2 client that has subscribed.
 */
export type Flag =
  | 'write'
  | 'readonly'
  | 'denyoom'
  | 'fast'
  | 'blocking'
  | 'admin'
  | 'dangerous'
  | 'open'
  | 'early'
  | 'quiet';

/** The data types and topics of ACL categories, besides those that follow from flags. */
export type Topic =
  | 'keyspace'
  | 'string'
  | 'bitmap'
  | 'hash'
  | 'list'
  | 'set'
  | 'sortedset'
  | 'stream'
  | 'hyperloglog'
  | 'geo'
  | 'pubsub'
  | 'connection'
  | 'transaction'
  | 'scripting'
  | 'server';

/** Which arguments are keys: index of the first, of the last (negative: from the end), and the distance. */
export type KeyRange = readonly [first: number, last: number, step: number];

export interface Command {
  /** Lower case; `client|list` for a command within another. */
  readonly name: string;
  /** With the name: exact, or at least as many when negative. */
  readonly arity: number;
  readonly flags: ReadonlySet<Flag>;
  readonly topic: Topic;
  readonly keys: KeyRange | undefined;
  /** Where the keys cannot be told from their places alone. */
  readonly findKeys?: ((args: readonly string[]) => readonly string[]) | undefined;
  readonly run: (session: Session, args: string[]) => Answer;
  /** Commands within this one, by their lower-case name. */
  readonly inner?: ReadonlyMap<string, Command> | undefined;
}

export const oneKey: KeyRange = [0, 0, 1];
export const allKeys: KeyRange = [0, -1, 1];
export const twoKeys: KeyRange = [0, 1, 1];

interface Traits {
  readonly topic: Topic;
  /** Flags, with spaces between. */
  readonly flags?: string;
  readonly keys?: KeyRange;
  readonly findKeys?: Command['findKeys'];
}

/** `arity` as Redis counts it: the name is one. */
export function command(name: string, arity: number, traits: Traits, run: Command['run']): Command {
  const flags = new Set((traits.flags?.split(' ') ?? []) as Flag[]);
  return { name, arity, flags, topic: traits.topic, keys: traits.keys, findKeys: traits.findKeys, run };
}

/** A command that consists of others, e.g. CLIENT. */
export function container(name: string, traits: Traits, inner: readonly Command[]): Command {
  const byName = new Map(inner.map((each) => [each.name.slice(name.length + 1), each]));
  return { ...command(name, -2, traits, () => []), inner: byName };
}

/** The keys that a call of `command` names. */
export function keysOf({ keys, findKeys }: Command, args: readonly string[]): readonly string[] {
  if (findKeys) return findKeys(args);
  if (!keys) return [];
  const [first, last, step] = keys;
  if (last === first) return args.slice(first, first + 1);
  const end = last < 0 ? args.length + last : last;
  const found: string[] = [];
  for (let at = first; at <= end; at += step) found.push(args[at] ?? '');
  return found;
}

/** Keys after a number of them: `2 a b …`, with the number at `at`; before it a key when `before` says so. */
export function countedKeys(at: number, before = false): (args: readonly string[]) => readonly string[] {
  return (args) => {
    const count = Number(args[at]);
    const counted = Number.isInteger(count) && count > 0 ? args.slice(at + 1, at + 1 + count) : [];
    return before ? [...args.slice(0, at), ...counted] : counted;
  };
}
