// HyperLogLog: https://redis.io/docs/latest/commands/?group=hyperloglog
import { allKeys, command, type Command, oneKey } from '../command.ts';
import { HyperLogLog } from '../data/hyper-log-log.ts';
import type { Keyspace } from '../data/keyspace.ts';
import { OK, RedisFault, type Reply } from '../resp/reply.ts';
import type { Session } from '../session.ts';

const topic = 'hyperloglog';

function find(space: Keyspace, key: string): HyperLogLog | undefined {
  const text = space.string(key);
  if (text === undefined) return undefined;
  const found = HyperLogLog.from(text);
  if (!found) throw new RedisFault('WRONGTYPE Key is not a valid HyperLogLog string value.');
  return found;
}

function add({ space }: Session, [key = '', ...members]: string[]): Reply {
  const known = find(space, key);
  const counter = known ?? HyperLogLog.empty();
  const changed = members.filter((member) => counter.add(member)).length;
  if (known && changed === 0) return 0;
  space.replace(key, counter.toText());
  return 1;
}

function union(space: Keyspace, keys: readonly string[]): HyperLogLog {
  const all = HyperLogLog.empty();
  for (const key of keys) {
    const one = find(space, key);
    if (one) all.merge(one);
  }
  return all;
}

function merge({ space }: Session, keys: string[]): Reply {
  space.replace(keys[0] ?? '', union(space, keys).toText());
  return OK;
}

export const hyperLogLogCommands: readonly Command[] = [
  command('pfadd', -2, { topic, flags: 'write denyoom fast', keys: oneKey }, add),
  command('pfcount', -2, { topic, flags: 'readonly', keys: allKeys }, ({ space }, keys) =>
    union(space, keys).count(),
  ),
  command('pfmerge', -2, { topic, flags: 'write denyoom', keys: allKeys }, merge),
];
