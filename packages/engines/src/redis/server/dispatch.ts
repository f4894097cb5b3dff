// From the words of a command to its answer: the order of the checks is Redis's.
import { factsOf } from '../acl/categories.ts';
import { type Answer, Stepwise, Wait } from '../answer.ts';
import { type Command, keysOf } from '../command.ts';
import { commandTable } from '../commands/index.ts';
import { slotOf } from '../data/hash-slot.ts';
import { faults, QUEUED, RedisFault, type Reply } from '../resp/reply.ts';
import type { ClusterNode, Session, Transaction } from '../session.ts';

const SHOWN_ARGS = 128;
/** Commands that a transaction may hold, so that a client cannot fill memory with them. */
const QUEUE_LIMIT = 100_000;

function unknownCommand(name: string, args: readonly string[]): RedisFault {
  let shown = '';
  for (const arg of args) {
    if (shown.length >= SHOWN_ARGS) break;
    shown += `'${arg.slice(0, SHOWN_ARGS - shown.length)}' `;
  }
  return faults.error(`unknown command '${name.slice(0, SHOWN_ARGS)}', with args beginning with: ${shown}`);
}

function find(name: string, args: readonly string[]): Command {
  const outer = commandTable.get(name) ?? commandTable.get(name.toLowerCase());
  if (!outer) throw unknownCommand(name, args);
  if (!outer.inner) return outer;
  const [word] = args;
  if (word === undefined) {
    if (outer.arity === -1) return outer;
    throw faults.arity(outer.name);
  }
  const inner = outer.inner.get(word.toLowerCase());
  if (!inner)
    throw faults.error(
      `unknown subcommand '${word.slice(0, SHOWN_ARGS)}'. Try ${outer.name.toUpperCase()} HELP.`,
    );
  return inner;
}

function assertArity({ name, arity }: Command, count: number): void {
  if (arity > 0 ? count !== arity : count < -arity) throw faults.arity(name);
}

function assertAllowed(session: Session, command: Command, keys: readonly string[]): void {
  const { user, node } = session;
  if (command.flags.has('open')) return;
  if (!user) throw new RedisFault('NOAUTH Authentication required.');
  const note = (reason: 'command' | 'key', object: string) =>
    node.acl.note({ reason, object, user: user.name, atMs: node.clock.nowMs() });
  if (!user.mayRun(factsOf(command))) {
    note('command', command.name);
    throw new RedisFault(`NOPERM User ${user.name} has no permissions to run the '${command.name}' command`);
  }
  const use = command.flags.has('write') ? 'write' : 'read';
  for (const key of keys) {
    if (user.mayUseKey(key, use)) continue;
    note('key', key);
    throw new RedisFault('NOPERM No permissions to access a key');
  }
}

function assertQuiet(
  { version, channels, patterns, shardChannels }: Session,
  { name, flags }: Command,
): void {
  if (version === 3 || flags.has('quiet')) return;
  if (channels.size + patterns.size + shardChannels.size === 0) return;
  throw faults.error(
    `Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
  );
}

/** Cluster mode: all keys in one slot, and that slot here. */
function assertPlace(session: Session, command: Command, keys: readonly string[]): void {
  const { cluster } = session.node;
  const [first] = keys;
  if (!cluster || first === undefined) return;
  const slot = slotOf(first);
  for (const key of keys) {
    if (slotOf(key) !== slot) throw new RedisFault("CROSSSLOT Keys in request don't hash to the same slot");
  }
  const nodes = cluster.shardOf(slot)?.nodes ?? [];
  const [primary] = nodes;
  if (!primary) throw new RedisFault('CLUSTERDOWN Hash slot not served');
  if (answersFor(session, command, nodes)) return;
  throw new RedisFault(`MOVED ${slot} ${primary.host}:${primary.port}`);
}

/** The primary answers for its slots; a replica to those who read and have said that they know. */
function answersFor(session: Session, { flags }: Command, nodes: readonly ClusterNode[]): boolean {
  const { clusterId, isReplica } = session.node;
  if (!nodes.some(({ id }) => id === clusterId)) return false;
  return !isReplica || (session.readsReplica && !flags.has('write'));
}

function assertWritable({ node }: Session, { flags }: Command): void {
  if (!flags.has('write')) return;
  if (node.isReplica) throw new RedisFault("READONLY You can't write against a read only replica.");
  if (flags.has('denyoom') && !node.makeRoom()) {
    throw new RedisFault("OOM command not allowed when used memory > 'maxmemory'.");
  }
}

/** All checks; throws the first that fails. */
function check(session: Session, name: string, args: string[]): Command {
  const command = find(name, args);
  assertArity(command, args.length + 1);
  const keys = keysOf(command, args);
  assertAllowed(session, command, keys);
  assertQuiet(session, command);
  assertPlace(session, command, keys);
  assertWritable(session, command);
  return command;
}

/** Runs `words` for a session, or queues them. Faults are answers. */
export function dispatch(session: Session, words: string[]): Answer {
  const [name = '', ...args] = words;
  try {
    const command = check(session, name, args);
    session.lastCommand = command.name;
    if (session.transaction && !command.flags.has('early')) return enqueue(session.transaction, words);
    return command.run(session, args);
  } catch (error) {
    if (session.transaction) session.transaction.failed = true;
    return faultOf(session, error);
  }
}

function enqueue(transaction: Transaction, words: string[]): Reply {
  if (transaction.calls.length >= QUEUE_LIMIT) throw faults.error('too many commands in a transaction');
  transaction.calls.push(words);
  return QUEUED;
}

/** Runs a queued command: it is checked again, for rights and roles may have changed. Nothing waits. */
export function dispatchQueued(session: Session, words: string[]): Reply {
  const [name = '', ...args] = words;
  try {
    const answer = check(session, name, args).run(session, args);
    if (answer instanceof Wait) return answer.onTimeout;
    if (answer instanceof Stepwise) return answer.finish();
    return answer instanceof Promise ? faults.error('not allowed in a transaction') : answer;
  } catch (error) {
    return faultOf(session, error);
  }
}

/** What failed here is the client's fault, or a bug, which must end neither the process nor the connection. */
export function faultOf({ node }: Session, error: unknown): RedisFault {
  if (error instanceof RedisFault) return error;
  node.report(error);
  return faults.error('internal error');
}
