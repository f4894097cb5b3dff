// Commands that wait until a key has something: lists and sorted sets.
import { type Answer, Wait } from '../answer.ts';
import { command, type Command, countedKeys } from '../command.ts';
import type { Side } from '../data/collections.ts';
import { floatOrUndefined } from '../data/numbers.ts';
import { Double, faults, NO_ARRAY, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';
import { move, popAny, popMany, poppingOf, sideOf } from './list-moves.ts';
import { popFromSorted, popSortedAny, sortedPoppingOf } from './sorted-pops.ts';

/** Seconds to milliseconds. */
function timeoutOf(text: string | undefined): number {
  const seconds = floatOrUndefined(text);
  if (seconds === undefined) throw faults.error('timeout is not a float or out of range');
  if (seconds < 0) throw faults.error('timeout is negative');
  const ms = Math.ceil(seconds * 1000);
  if (!Number.isSafeInteger(ms)) throw faults.error('timeout is out of range');
  return ms;
}

interface Waiting {
  readonly keys: readonly string[];
  readonly timeout: string | undefined;
  readonly onTimeout?: Reply;
}

function wait({ keys, timeout, onTimeout = NO_ARRAY }: Waiting, attempt: () => Reply | undefined): Answer {
  const timeoutMs = timeoutOf(timeout);
  return attempt() ?? new Wait(keys, { timeoutMs, onTimeout }, attempt);
}

function popping(name: string, side: Side): Command {
  const traits = { topic: 'list', flags: 'write blocking', keys: [0, -2, 1] } as const;
  return command(name, -3, traits, (session, args) => {
    const keys = args.slice(0, -1);
    return wait({ keys, timeout: args.at(-1) }, () => {
      for (const key of keys) {
        const item = popMany(session, key, side, 1)?.[0];
        if (item !== undefined) return [key, item];
      }
      return undefined;
    });
  });
}

function moving(session: Session, [from = '', to = '', take, give, timeout]: string[]): Answer {
  const moves = { from, to, take: sideOf(take), give: sideOf(give) };
  return wait({ keys: [from], timeout, onTimeout: null }, () => move(session, moves));
}

function poppingScores(name: string, end: 'min' | 'max'): Command {
  const traits = { topic: 'sortedset', flags: 'write fast blocking', keys: [0, -2, 1] } as const;
  return command(name, -3, traits, (session, args) => {
    const keys = args.slice(0, -1);
    return wait({ keys, timeout: args.at(-1) }, () => {
      for (const key of keys) {
        const [entry] = popFromSorted(session, key, end, 1);
        if (entry) return [key, entry.member, new Double(entry.score)];
      }
      return undefined;
    });
  });
}

const moveTraits = { topic: 'list', flags: 'write denyoom blocking', keys: [0, 1, 1] } as const;

export const blockingCommands: readonly Command[] = [
  popping('blpop', 'left'),
  popping('brpop', 'right'),
  command('blmove', 6, moveTraits, moving),
  command('brpoplpush', 4, moveTraits, (session, [from = '', to = '', timeout = '']) =>
    moving(session, [from, to, 'right', 'left', timeout]),
  ),
  command(
    'blmpop',
    -5,
    { topic: 'list', flags: 'write blocking', findKeys: (args) => countedKeys(0)(args.slice(1)) },
    (session, [timeout, ...rest]) => {
      const pop = poppingOf(rest);
      return wait({ keys: pop.keys, timeout }, () => popAny(session, pop));
    },
  ),
  poppingScores('bzpopmin', 'min'),
  poppingScores('bzpopmax', 'max'),
  command(
    'bzmpop',
    -5,
    { topic: 'sortedset', flags: 'write blocking', findKeys: (args) => countedKeys(0)(args.slice(1)) },
    (session, [timeout, ...rest]) => {
      const pop = sortedPoppingOf(rest);
      return wait({ keys: pop.keys, timeout }, () => popSortedAny(session, pop));
    },
  ),
];
