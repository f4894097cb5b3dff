// The ACL categories of a command, from its flags and its topic.
import type { Command } from '../command.ts';
import type { CommandFacts } from './user.ts';

const known = new WeakMap<Command, CommandFacts>();

/** Remembered, for it is asked at each call. */
export function factsOf(command: Command): CommandFacts {
  let facts = known.get(command);
  if (!facts) {
    facts = { name: command.name, categories: categoriesOf(command) };
    known.set(command, facts);
  }
  return facts;
}

function categoriesOf({ flags, topic, keys, findKeys }: Command): ReadonlySet<string> {
  const categories = new Set<string>();
  const hasKeys = keys !== undefined || findKeys !== undefined || topic === 'keyspace';
  if (flags.has('write') && hasKeys) categories.add('write');
  if (flags.has('readonly') && hasKeys) categories.add('read');
  for (const flag of ['admin', 'dangerous', 'blocking'] as const) if (flags.has(flag)) categories.add(flag);
  categories.add(flags.has('fast') ? 'fast' : 'slow');
  // As in Redis, `server` is a group of commands and no category.
  if (topic !== 'server') categories.add(topic);
  return categories;
}
