// MULTI, EXEC, DISCARD, WATCH. Queueing itself is done where commands are dispatched.
import { allKeys, command, type Command } from '../command.ts';
import { faults, NO_ARRAY, OK, RedisFault, type Reply } from '../resp/reply.ts';
import { forgetWatched, type Session } from '../session.ts';

const traits = { topic: 'transaction', flags: 'fast early' } as const;

function multi(session: Session): Reply {
  if (session.transaction) throw faults.error('MULTI calls can not be nested');
  session.transaction = { calls: [], failed: false };
  return OK;
}

function discard(session: Session): Reply {
  if (!session.transaction) throw faults.error('DISCARD without MULTI');
  session.transaction = undefined;
  forgetWatched(session);
  return OK;
}

function exec(session: Session): Reply {
  const { transaction } = session;
  if (!transaction) throw faults.error('EXEC without MULTI');
  session.transaction = undefined;
  // A watched key may have expired without anyone having looked.
  for (const [name, space] of session.watched) space.peek(name.slice(name.indexOf(':') + 1));
  const { dirty } = session.watcher;
  forgetWatched(session);
  if (transaction.failed) {
    throw new RedisFault('EXECABORT Transaction discarded because of previous errors.');
  }
  if (dirty) return NO_ARRAY;
  session.isInExec = true;
  try {
    return transaction.calls.map((args) => session.runQueued(args));
  } finally {
    session.isInExec = false;
  }
}

function watch(session: Session, keys: string[]): Reply {
  if (session.transaction) throw faults.error('WATCH inside MULTI is not allowed');
  for (const key of keys) {
    session.space.peek(key);
    session.watched.set(`${session.space.index}:${key}`, session.space);
    session.dataset.watch(session.space, key, session.watcher);
  }
  return OK;
}

export const transactionCommands: readonly Command[] = [
  command('multi', 1, traits, multi),
  command('exec', 1, { ...traits, flags: 'early' }, exec),
  command('discard', 1, traits, discard),
  command('watch', -2, { ...traits, keys: allKeys }, watch),
  command('unwatch', 1, { ...traits, flags: 'fast' }, (session) => {
    forgetWatched(session);
    return OK;
  }),
];
